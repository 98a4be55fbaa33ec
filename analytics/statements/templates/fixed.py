"""Fixed texts, annexes and corrections of a statement, in the order en, fr, ar, es, pt.

No native speaker has read the French, Arabic, Spanish and Portuguese ones yet.
"""

from analytics.statements.templates.titles import InFive

FIXED: dict[str, InFive] = {
    "disclaimer.not_endorsement": (
        "The presence of observers does not by itself lend credibility to a process.",
        "La présence d'observateurs ne donne pas en elle-même de crédibilité à un processus.",
        "لا يضفي وجود المراقبين في حد ذاته مصداقية على العملية.",
        "La presencia de observadores no da por sí misma credibilidad a un proceso.",
        "A presença de observadores não dá, por si só, credibilidade a um processo.",
    ),
    "disclaimer.demonstration": (
        "This is a demonstration: the country, the election and every report are invented.",
        "Ceci est une démonstration : le pays, l'élection et chaque rapport sont inventés.",
        "هذا عرض توضيحي: البلد والانتخابات وكل تقرير مختلَقة.",
        "Esto es una demostración: el país, la elección y cada informe son inventados.",
        "Isto é uma demonstração: o país, a eleição e cada relatório são inventados.",
    ),
    "disclaimer.limited": (
        "This is a limited mission. It did not observe systematically throughout the country and "
        "makes no overall assessment.",
        "Il s'agit d'une mission limitée. Elle n'a pas observé de façon systématique dans tout "
        "le pays et ne porte pas d'appréciation d'ensemble.",
        "هذه بعثة محدودة. لم ترصد بصورة منهجية في جميع أنحاء البلد ولا تقدّم تقييمًا عامًا.",
        "Esta es una misión limitada. No observó de forma sistemática en todo el país y no hace "
        "una valoración general.",
        "Esta é uma missão limitada. Não observou de forma sistemática em todo o país e não faz "
        "uma avaliação geral.",
    ),
    "disclaimer.specialised": (
        "This is a specialised mission. It looked at part of the process only and makes no "
        "overall assessment.",
        "Il s'agit d'une mission spécialisée. Elle n'a examiné qu'une partie du processus et ne "
        "porte pas d'appréciation d'ensemble.",
        "هذه بعثة متخصصة. لم تنظر إلا في جزء من العملية ولا تقدّم تقييمًا عامًا.",
        "Esta es una misión especializada. Examinó solo una parte del proceso y no hace una "
        "valoración general.",
        "Esta é uma missão especializada. Examinou apenas uma parte do processo e não faz uma "
        "avaliação geral.",
    ),
    "disclaimer.expert": (
        "This is an expert mission. It did not observe polling systematically and makes no "
        "overall assessment.",
        "Il s'agit d'une mission d'experts. Elle n'a pas observé le scrutin de façon "
        "systématique et ne porte pas d'appréciation d'ensemble.",
        "هذه بعثة خبراء. لم ترصد الاقتراع بصورة منهجية ولا تقدّم تقييمًا عامًا.",
        "Esta es una misión de expertos. No observó la votación de forma sistemática y no hace "
        "una valoración general.",
        "Esta é uma missão de peritos. Não observou a votação de forma sistemática e não faz uma "
        "avaliação geral.",
    ),
    "disclaimer.exploratory": (
        "This mission explores whether observation is meaningful. It is not an observation of "
        "the election, and nothing in it assesses the process.",
        "Cette mission examine si une observation a un sens. Elle n'est pas une observation de "
        "l'élection, et rien n'y porte d'appréciation sur le processus.",
        "تستكشف هذه البعثة ما إذا كان للمراقبة معنى. وهي ليست مراقبة للانتخابات، وليس فيها ما "
        "يقيّم العملية.",
        "Esta misión explora si la observación tiene sentido. No es una observación de la "
        "elección, y nada en ella valora el proceso.",
        "Esta missão explora se a observação faz sentido. Não é uma observação da eleição, e "
        "nada nela avalia o processo.",
    ),
    "disclaimer.withdrawn": (
        "The mission has withdrawn. Its reason: {reason}",
        "La mission s'est retirée. Sa raison : {reason}",
        "انسحبت البعثة. وسببها: {reason}",
        "La misión se ha retirado. Su razón: {reason}",
        "A missão retirou-se. A sua razão: {reason}",
    ),
    "disclaimer.final_report": (
        "A final report with recommendations will follow.",
        "Un rapport final assorti de recommandations suivra.",
        "وسيليه تقرير نهائي يتضمن توصيات.",
        "Seguirá un informe final con recomendaciones.",
        "Seguir-se-á um relatório final com recomendações.",
    ),
    "limits.quick_count": (
        "The quick count checks the sum, not the process. It cannot see pressure on voters "
        "before they vote, or errors on the roll. It does not speak of single regions or "
        "{stations}. It declares no winner: that is for the authorities and the courts.",
        "Le comptage rapide vérifie la somme, non le processus. Il ne voit ni les pressions sur "
        "les électeurs avant le vote, ni les erreurs de la liste. Il ne parle ni de régions ni "
        "de {stations} en particulier. Il ne désigne pas de vainqueur : cela revient aux "
        "autorités et aux tribunaux.",
        "يتحقق العد السريع من المجموع لا من العملية. ولا يرى الضغط على الناخبين قبل تصويتهم ولا "
        "الأخطاء في القائمة. ولا يتحدث عن مناطق أو مراكز بعينها. ولا يعلن فائزًا: فذلك للسلطات "
        "والقضاء.",
        "El conteo rápido verifica la suma, no el proceso. No ve la presión sobre los votantes "
        "antes de votar ni los errores del registro. No habla de regiones ni de {stations} "
        "concretas. No declara ganador: eso corresponde a las autoridades y a los tribunales.",
        "A contagem rápida verifica a soma, não o processo. Não vê a pressão sobre os eleitores "
        "antes de votarem nem os erros do recenseamento. Não fala de regiões nem de {stations} "
        "em particular. Não declara vencedor: isso cabe às autoridades e aos tribunais.",
    ),
    "limits.counts": (
        "The figures of this statement count what observers saw at the places they reached. They "
        "do not speak of other places, of what happened before or after observers were there, or "
        "of the result.",
        "Les chiffres de cette déclaration dénombrent ce que les observateurs ont vu là où ils "
        "ont pu se rendre. Ils ne parlent ni d'autres lieux, ni de ce qui s'est passé avant ou "
        "après leur présence, ni du résultat.",
        "أرقام هذا البيان أعداد لما رآه المراقبون في المواقع التي بلغوها. ولا تتحدث عن مواقع "
        "أخرى، ولا عما حدث قبل حضورهم أو بعده، ولا عن النتيجة.",
        "Las cifras de esta declaración cuentan lo que los observadores vieron en los lugares a "
        "los que llegaron. No hablan de otros lugares, ni de lo que ocurrió antes o después de "
        "su presencia, ni del resultado.",
        "Os números desta declaração contam o que os observadores viram nos locais a que "
        "chegaram. Não falam de outros locais, nem do que aconteceu antes ou depois da sua "
        "presença, nem do resultado.",
    ),
    "changes.bounds": (
        "{name}: between {lo} and {hi}, whatever the results that are missing or under review say.",
        "{name} : entre {lo} et {hi}, quels que soient les résultats manquants ou en cours "
        "d'examen.",
        "{name}: بين {lo} و{hi}، مهما كانت النتائج الناقصة أو قيد المراجعة.",
        "{name}: entre el {lo} y el {hi}, sean cuales sean los resultados que faltan o están en "
        "revisión.",
        "{name}: entre {lo} e {hi}, sejam quais forem os resultados em falta ou em análise.",
    ),
    "recommendation": (
        "{addressee}: {text}.",
        "{addressee} : {text}.",
        "{addressee}: {text}.",
        "{addressee}: {text}.",
        "{addressee}: {text}.",
    ),
    "recommendation.year": (
        "{addressee}: {text} (recommended in {year}).",
        "{addressee} : {text} (recommandé en {year}).",
        "{addressee}: {text} (سبقت التوصية به عام {year}).",
        "{addressee}: {text} (recomendado en {year}).",
        "{addressee}: {text} (recomendado em {year}).",
    ),
    "recommendation.before": (
        "{addressee}: {text} (recommended before).",
        "{addressee} : {text} (déjà recommandé).",
        "{addressee}: {text} (سبقت التوصية به).",
        "{addressee}: {text} (ya recomendado).",
        "{addressee}: {text} (já recomendado).",
    ),
    "corrected.table": (
        "As published, and now",
        "Tel que publié, et maintenant",
        "كما نُشر، والآن",
        "Como se publicó, y ahora",
        "Como foi publicado, e agora",
    ),
    "correction.place": (
        "Place in the statement",
        "Endroit de la déclaration",
        "الموضع في البيان",
        "Lugar en la declaración",
        "Lugar na declaração",
    ),
    "correction.was": (
        "As published",
        "Tel que publié",
        "كما نُشر",
        "Como se publicó",
        "Como publicado",
    ),
    "correction.now": (
        "Correct",
        "Correct",
        "الصحيح",
        "Correcto",
        "Correto",
    ),
    "correction.moved": (
        "Seen at, as published and now",
        "Observé à, tel que publié et maintenant",
        "شوهد في، كما نُشر والآن",
        "Visto en, como se publicó y ahora",
        "Visto em, como publicado e agora",
    ),
    "correction.effect": (
        "Effect on the sentence",
        "Effet sur la phrase",
        "الأثر على الجملة",
        "Efecto en la frase",
        "Efeito na frase",
    ),
    "effect.stands": (
        "stands",
        "maintenue",
        "تبقى",
        "se mantiene",
        "mantém-se",
    ),
    "effect.weaker": (
        "stands, weaker",
        "maintenue, affaiblie",
        "تبقى، وهي أضعف",
        "se mantiene, más débil",
        "mantém-se, mais fraca",
    ),
    "effect.changes": (
        "changes to: {words}",
        "devient : {words}",
        "تتغير إلى: {words}",
        "cambia a: {words}",
        "muda para: {words}",
    ),
    "effect.withdrawn": (
        "withdrawn",
        "retirée",
        "سُحبت",
        "retirada",
        "retirada",
    ),
    "annex": (
        "Annex {letter}: {title}",
        "Annexe {letter} : {title}",
        "الملحق {letter}: {title}",
        "Anexo {letter}: {title}",
        "Anexo {letter}: {title}",
    ),
    "annex.a": (
        "Planned, received, not received",
        "Prévu, reçu, non reçu",
        "المخطط والوارد وغير الوارد",
        "Previsto, recibido, no recibido",
        "Previsto, recebido, não recebido",
    ),
    "annex.b": (
        "Voting: every finding",
        "Vote : tous les constats",
        "التصويت: جميع الاستنتاجات",
        "Votación: todos los hallazgos",
        "Votação: todas as constatações",
    ),
    "annex.c": (
        "Opening, closing, counting, tabulation: every finding",
        "Ouverture, clôture, dépouillement, compilation : tous les constats",
        "الافتتاح والإغلاق والفرز والتجميع: جميع الاستنتاجات",
        "Apertura, cierre, escrutinio, cómputo: todos los hallazgos",
        "Abertura, encerramento, contagem, apuramento: todas as constatações",
    ),
    "annex.d": (
        "Findings asked only of some",
        "Constats demandés à certains seulement",
        "استنتاجات سُئل عنها في بعض المراكز فقط",
        "Hallazgos preguntados solo en algunas",
        "Constatações perguntadas só em algumas",
    ),
    "annex.e": (
        "Incidents verified",
        "Incidents vérifiés",
        "الحوادث التي جرى التحقق منها",
        "Incidentes verificados",
        "Incidentes verificados",
    ),
    "annex.f": (
        "Access and the nine conditions of observation",
        "Accès et les neuf conditions de l'observation",
        "الوصول وشروط المراقبة التسعة",
        "Acceso y las nueve condiciones de la observación",
        "Acesso e as nove condições da observação",
    ),
    "annex.g": (
        "Sources of figures that are not our own",
        "Sources des chiffres qui ne sont pas les nôtres",
        "مصادر الأرقام التي ليست أرقامنا",
        "Fuentes de las cifras que no son nuestras",
        "Fontes dos números que não são nossos",
    ),
    "annex.h": (
        "Questions, forms, software",
        "Questions, formulaires, logiciel",
        "الأسئلة والاستمارات والبرمجيات",
        "Preguntas, formularios, programa",
        "Perguntas, formulários, programa",
    ),
    "annex.i": (
        "Sample and estimation",
        "Échantillon et estimation",
        "العينة والتقدير",
        "Muestra y estimación",
        "Amostra e estimativa",
    ),
    "annex.j": (
        "Standards cited",
        "Normes citées",
        "المعايير المستشهد بها",
        "Normas citadas",
        "Normas citadas",
    ),
    "annex.k": (
        "Quantity words and rounding",
        "Mots de quantité et arrondis",
        "كلمات الكمية والتقريب",
        "Palabras de cantidad y redondeo",
        "Palavras de quantidade e arredondamento",
    ),
    "title": (
        "What observers saw in {country} on {day}",
        "Ce que les observateurs ont vu, {country}, {day}",
        "ما رآه المراقبون في {country}، {day}",
        "Lo que vieron los observadores en {country}, {day}",
        "O que os observadores viram em {country}, {day}",
    ),
}
