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
    "key": (
        "{contest}: the quick count rests on the results of {n} of {N} {stations}; its estimates, "
        "shares {votes}, stand in the table below.",
        "{contest} : le comptage rapide repose sur les résultats de {n} des {N} {stations} ; ses "
        "estimations, des parts {votes}, figurent dans le tableau ci-dessous.",
        "{contest}: يستند العد السريع إلى نتائج {n} من {stations} الـ{N}؛ وتقديراته، وهي نسب "
        "{votes}، واردة في الجدول أدناه.",
        "{contest}: el conteo rápido se basa en los resultados de {n} de {N} {stations}; sus "
        "estimaciones, porcentajes {votes}, figuran en el cuadro de más abajo.",
        "{contest}: a contagem rápida assenta nos resultados de {n} de {N} {stations}; as suas "
        "estimativas, percentagens {votes}, figuram no quadro abaixo.",
    ),
    "key.one": (
        "{contest}: the quick count rests on the result of {station}; its estimates, shares "
        "{votes}, stand in the table below.",
        "{contest} : le comptage rapide repose sur le résultat d'{station} ; ses estimations, des "
        "parts {votes}, figurent dans le tableau ci-dessous.",
        "{contest}: يستند العد السريع إلى نتيجة {station}؛ وتقديراته، وهي نسب {votes}، واردة في "
        "الجدول أدناه.",
        "{contest}: el conteo rápido se basa en el resultado de {station}; sus estimaciones, "
        "porcentajes {votes}, figuran en el cuadro de más abajo.",
        "{contest}: a contagem rápida assenta no resultado de {station}; as suas estimativas, "
        "percentagens {votes}, figuram no quadro abaixo.",
    ),
    "key.none": (
        "{contest}: the quick count publishes no estimate.",
        "{contest} : le comptage rapide ne publie aucune estimation.",
        "{contest}: لا ينشر العد السريع أي تقدير.",
        "{contest}: el conteo rápido no publica ninguna estimación.",
        "{contest}: a contagem rápida não publica qualquer estimativa.",
    ),
    "T32.all": (
        "Each of the official shares lies inside our range: they are consistent.",
        "Chacune des parts officielles se situe dans notre fourchette : elles sont compatibles.",
        "تقع كل نسبة من النسب الرسمية ضمن المدى الذي قدّرناه: فهي متسقة معه.",
        "Cada uno de los porcentajes oficiales está dentro de nuestro rango: son compatibles.",
        "Cada uma das percentagens oficiais está dentro do nosso intervalo: são compatíveis.",
    ),
    "T32.wide": (
        "The official share, {o}, lies outside our range, {lo} to {hi}, and inside the range that "
        "holds for all shares together, {wide_lo} to {wide_hi}: the quick count cannot determine "
        "whether it is consistent.",
        "La part officielle, {o}, se situe hors de notre fourchette, de {lo} à {hi}, et dans la "
        "fourchette qui vaut pour toutes les parts ensemble, de {wide_lo} à {wide_hi} : le "
        "comptage rapide ne permet pas de déterminer si elle est compatible.",
        "تقع النسبة الرسمية، {o}، خارج المدى الذي قدّرناه، من {lo} إلى {hi}، وضمن المدى الصالح "
        "لجميع النسب معًا، من {wide_lo} إلى {wide_hi}؛ ولا يستطيع العد السريع أن يحدد ما إذا كانت "
        "متسقة معه.",
        "El porcentaje oficial, {o}, está fuera de nuestro rango, del {lo} al {hi}, y dentro del "
        "rango que vale para todos los porcentajes a la vez, del {wide_lo} al {wide_hi}: el conteo "
        "rápido no permite determinar si es compatible.",
        "A percentagem oficial, {o}, está fora do nosso intervalo, de {lo} a {hi}, e dentro do "
        "intervalo que vale para todas as percentagens em conjunto, de {wide_lo} a {wide_hi}: a "
        "contagem rápida não permite determinar se é compatível.",
    ),
    "votes.table": (
        "Estimates of the quick count",
        "Estimations du comptage rapide",
        "تقديرات العد السريع",
        "Estimaciones del conteo rápido",
        "Estimativas da contagem rápida",
    ),
    "votes.bounds": (
        "Shares, whatever the results that are missing or under review say",
        "Parts, quels que soient les résultats manquants ou en cours d'examen",
        "النسب، مهما كانت النتائج الناقصة أو قيد المراجعة",
        "Porcentajes, sean cuales sean los resultados que faltan o están en revisión",
        "Percentagens, sejam quais forem os resultados em falta ou em análise",
    ),
    "votes.candidate": (
        "Candidate or list",
        "Candidat ou liste",
        "المرشح أو القائمة",
        "Candidatura o lista",
        "Candidato ou lista",
    ),
    "votes.share": (
        "Our estimate",
        "Notre estimation",
        "تقديرنا",
        "Nuestra estimación",
        "A nossa estimativa",
    ),
    "votes.official": (
        "Official share",
        "Part officielle",
        "النسبة الرسمية",
        "Porcentaje oficial",
        "Percentagem oficial",
    ),
    "votes.compared": ("Comparison", "Comparaison", "المقارنة", "Comparación", "Comparação"),
    "votes.lowest": ("At least", "Au moins", "على الأقل", "Como mínimo", "No mínimo"),
    "votes.highest": ("At most", "Au plus", "على الأكثر", "Como máximo", "No máximo"),
    "votes.consistent": ("consistent", "compatible", "متسقة", "compatible", "compatível"),
    "votes.inconsistent": (
        "not consistent",
        "pas compatible",
        "غير متسقة",
        "no compatible",
        "não compatível",
    ),
    "votes.cannot_determine": (
        "cannot be determined",
        "indéterminable",
        "لا يمكن تحديد ذلك",
        "no puede determinarse",
        "não pode ser determinado",
    ),
    "votes.registered": (
        "of registered voters",
        "des électeurs inscrits",
        "من الناخبين المسجلين",
        "de los votantes registrados",
        "dos eleitores inscritos",
    ),
}
