"""What a section speaks of, and what votes are of, in the order en, fr, ar, es, pt.

No native speaker has read the French, Arabic, Spanish and Portuguese ones yet.
"""

from analytics.statements.templates.titles import InFive

TOPICS: dict[str, InFive] = {
    "topic.legal_framework": (
        "the legal framework",
        "le cadre juridique",
        "الإطار القانوني",
        "el marco jurídico",
        "o quadro jurídico",
    ),
    "topic.administration": (
        "election administration",
        "l'administration électorale",
        "إدارة الانتخابات",
        "la administración electoral",
        "a administração eleitoral",
    ),
    "topic.registration": (
        "voter registration",
        "l'inscription des électeurs",
        "تسجيل الناخبين",
        "el registro de votantes",
        "o recenseamento eleitoral",
    ),
    "topic.candidates": (
        "the registration of candidates",
        "l'enregistrement des candidatures",
        "تسجيل المرشحين",
        "la inscripción de candidaturas",
        "o registo de candidaturas",
    ),
    "topic.campaign": (
        "the campaign",
        "la campagne électorale",
        "الحملة الانتخابية",
        "la campaña electoral",
        "a campanha eleitoral",
    ),
    "topic.finance": (
        "campaign finance",
        "le financement de la campagne",
        "تمويل الحملة",
        "la financiación de la campaña",
        "o financiamento da campanha",
    ),
    "topic.complaints": (
        "the handling of complaints",
        "le traitement des réclamations",
        "معالجة الشكاوى",
        "el trámite de las reclamaciones",
        "o tratamento das reclamações",
    ),
    "topic.media": (
        "media coverage",
        "la couverture médiatique",
        "التغطية الإعلامية",
        "la cobertura de los medios",
        "a cobertura dos meios de comunicação",
    ),
    "topic.inclusion": (
        "the participation of women, minorities and persons with disabilities",
        "la participation des femmes, des minorités et des personnes handicapées",
        "مشاركة المرأة والأقليات والأشخاص ذوي الإعاقة",
        "la participación de mujeres, minorías y personas con discapacidad",
        "a participação de mulheres, minorias e pessoas com deficiência",
    ),
    "topic.technology": (
        "the technology of voting and of results",
        "la technologie du vote et des résultats",
        "تكنولوجيا التصويت والنتائج",
        "la tecnología de la votación y de los resultados",
        "a tecnologia da votação e dos resultados",
    ),
    "topic.access": (
        "the access of observers",
        "l'accès des observateurs",
        "وصول المراقبين",
        "el acceso de los observadores",
        "o acesso dos observadores",
    ),
    "topic.quick_count": (
        "the result of the vote",
        "le résultat du vote",
        "نتيجة التصويت",
        "el resultado de la votación",
        "o resultado da votação",
    ),
    "topic.observers": (
        "the work of other observers",
        "le travail des autres observateurs",
        "عمل المراقبين الآخرين",
        "el trabajo de otros observadores",
        "o trabalho de outros observadores",
    ),
    "topic.recommendations": (
        "the follow-up of recommendations",
        "la suite donnée aux recommandations",
        "متابعة التوصيات",
        "el seguimiento de las recomendaciones",
        "o seguimento das recomendações",
    ),
}

VOTES: dict[str, InFive] = {
    "votes.valid": (
        "of valid votes",
        "des suffrages exprimés",
        "من الأصوات الصحيحة",
        "de los votos válidos",
        "dos votos válidos",
    ),
    "votes.valid_without_blank": (
        "of valid votes without blank ones",
        "des suffrages exprimés sans les votes blancs",
        "من الأصوات الصحيحة دون الأوراق البيضاء",
        "de los votos válidos sin los blancos",
        "dos votos válidos sem os votos em branco",
    ),
    "votes.cast": (
        "of ballots cast",
        "des bulletins déposés",
        "من الأوراق المودعة",
        "de las papeletas depositadas",
        "dos boletins entrados na urna",
    ),
    "votes.registered": (
        "of registered voters",
        "des électeurs inscrits",
        "من الناخبين المسجلين",
        "de los votantes registrados",
        "dos eleitores inscritos",
    ),
}
