"""Spanish sentences of a statement. No native speaker has read them yet."""

TEMPLATES = {
    "T01": "{obs} observadores, en {teams} equipos, siguieron {stage} en {n} de las {N} "
    "{stations} sorteadas; lo que se dice de ello es una estimación para todas las {stations}.",
    "T01.short": "Se siguió {stage} en {n} de las {N} {stations} sorteadas; lo que se dice de "
    "ello es una estimación para todas las {stations}.",
    "T02": "{Stage} se observó en {N} lugares a los que llegaron los equipos; las cifras solo "
    "hablan de ellos.",
    "T03": "Se recibieron informes de {n} de {N}; en {r} se negó la entrada al equipo y a {u} no "
    "se pudo llegar.",
    "T03.short": "Se recibieron informes de {n} de {N}; no se sabe qué habrían dicho los demás.",
    "T04": "La misión no observó {topic}.",
    "left_out": "{Topic}: no se incluye por decisión de {name}: {reason}",
    "T06": "{Fact} en el {p} {of}.",
    "T06.first": "En el {p} {of}, {fact}.",
    "T06.next": "En el {p}, {fact}.",
    "T06.last": "{Fact} en el {p}.",
    "T07": "{Word} ({p}), {fact}.",
    "T07.open": "{Word}, el {p}, {fact}.",
    "T08": "Se constataron {things}, en cada caso en una proporción de {range} {of}.",
    "T08.next": "Se constataron {things}, en cada caso en una proporción de {range}.",
    "T08.facts": "En una proporción de {range} {of} para cada hecho, {facts}.",
    "T09": "En una proporción de {range} {of}, {facts}.",
    "T10": "Los observadores valoraron {stage} como bueno o muy bueno en el {p} {of}.",
    "T10.f": "Los observadores valoraron {stage} como buena o muy buena en el {p} {of}.",
    "T11": "No se vieron {nor} en ninguna de las más de {n} {stations} donde podía observarse; "
    "{sure}, podrían haberse visto, como máximo, en el {u}.",
    "T11.facts": "En las más de {n} {stations} donde podía observarse, {facts}; {sure}, lo "
    "contrario podría haberse visto, como máximo, en el {u}.",
    "T11.short": "No se vieron {nor} en ninguna de las {stations} donde podía observarse.",
    "T11.short.facts": "En todas las {stations} donde podía observarse, {facts}.",
    "which.one": "",
    "sure": "con un nivel de confianza del {level}",
    "sure.again": "con la misma certeza",
    "which.two": "",
    "which.more": "",
    "T12": "{Fact} en menos del {one} {of} ({x} de {n}).",
    "T13": "{Condition} en el {p} {of}; en {x} de esas {n} {short}, {fact}.",
    "T14": "{Condition} en el {p1} {of}; donde fue así, {fact} en el {p2}.",
    "T16": "{Fact} en {x} {of}.",
    "T16.next": "En {x} {of}, {fact}.",
    "T16.of": "{Fact} en {x} de {n}.",
    "T16.there": "{Fact} en {x}.",
    "T16.all": "{Fact} en la totalidad {of}.",
    "T19": "No se vieron {nor} en ninguna de las más de {n} {stations} donde podía observarse.",
    "T19.facts": "En cada una de las más de {n} {stations} donde podía observarse, {facts}.",
    "T19.any": "No se vieron {nor} en ninguna.",
    "T20": "La estimación de los observadores {kind} para todas las {stations} es del {p}; los "
    "observadores {other} lo vieron en {x} de {n}.",
    "T20.counts": "Los observadores {other} anotaron lo siguiente en {x} {of}: {fact}.",
    "T22": "Las dos cifras no son comparables: una es una estimación para todas las {stations}, "
    "la otra cuenta las visitadas.",
    "T26": "Se negó la entrada o se restringió el trabajo a los observadores en el {p} {of}.",
    "T27": "En ningún lugar se negó la entrada a los observadores ni se restringió su trabajo.",
    "T28.one": "Casos verificados a {time}: {kinds}. Se cuentan; no se convierten en tasas.",
    "T28.verified": "Casos verificados a {time}: {v}; entre ellos, {kinds}. Se cuentan; no se "
    "convierten en tasas.",
    "T28.none": "A {time} no se había verificado ningún caso.",
    "T28.kind": "{label} ({n})",
    "T30": "Esto atañe {to_stds}.",
    "T31": "{Candidate}: {p} {votes}, según los resultados de {n} de {N} {stations}.",
    "T31.next": "{Candidate}: {p}.",
    "T32.in": "El porcentaje oficial, {o}, está dentro de nuestro rango, de {lo} a {hi}: es "
    "compatible.",
    "T32.out": "El porcentaje oficial, {o}, está fuera de nuestro rango, de {lo} a {hi}, y los "
    "resultados que faltan o están en revisión no pueden devolverlo a él. Esto no muestra dónde "
    "ni por qué difieren las cifras.",
    "T32.open": "El porcentaje oficial, {o}, está fuera de nuestro rango, de {lo} a {hi}, pero "
    "los resultados que faltan o están en revisión podrían devolverlo a él.",
    "T33": "El rango, de {lo} a {hi}, queda a ambos lados del {t}; el conteo rápido no permite "
    "determinar si {consequence}.",
    "T33.line": "se supera el umbral «{title}»",
    "T33.above": "Todo el rango, de {lo} a {hi}, queda por encima del {t}.",
    "T33.below": "Todo el rango, de {lo} a {hi}, queda por debajo del {t}.",
    "T34": "Se recibieron resultados de {n} de {N}; por debajo del {threshold}, en total o en "
    "una clase de {stations}, no se publica ninguna estimación.",
    "T35": "«±» y los paréntesis indican el intervalo de confianza del {level}, en puntos "
    "porcentuales; las cifras sin ellos cuentan lo observado.",
    "T35.counts": "Todas las cifras cuentan lo observado; no hablan de otras {stations}.",
    "T35.words": "«Casos aislados» significa {a} de las {stations}; «algunas», {b}; «muchas», "
    "{c}; «la mayoría», {d}; «casi todas», {e}.",
    "T35.missing": "Las {stations} donde algo no pudo observarse quedan fuera de su cifra (anexo "
    "B).",
    "T36": "Esta declaración se emite antes de que concluya el proceso; quedan por delante "
    "{stages}.",
    "T36.stages": "el cómputo, el anuncio de los resultados y las reclamaciones",
    "both": "{first}; {second}",
    "front.place": "{place}, {time}.",
    "front.time": "Cifras a {time}.",
    "front.observers": "{organisation}: {observers} observadores.",
    "front.kind": "Observadores {kind}: {observers}.",
    "front.stages": "Lugares observados: {stages}.",
    "front.stage": "{stage} {n}",
    "not_enough": "Todavía no hay suficiente para concluir.",
    "domestic": "ciudadanos",
    "international": "internacionales",
    "of.station": "de las {stations}",
    "of.station.rel": "de las {stations} {rel}",
    "of.station-obs": "de las {N} {stations} donde pudo observarse",
    "of.station-obs.rel": "de las {N} {stations} {rel}",
    "of.observation": "de {N} observaciones",
    "of.observation.rel": "de {N} observaciones {rel}",
    "of.opening": "de las {N} aperturas donde pudo observarse",
    "of.count": "de los {N} escrutinios donde pudo observarse",
    "of.centre": "de los {N} centros de cómputo donde pudo observarse",
    "during.opening": "en la apertura",
    "during.voting": "durante la votación",
    "during.closing": "en el cierre",
    "during.counting": "durante el escrutinio",
    "during.tabulation": "durante el cómputo",
    "during.pre_election": "antes de la jornada electoral",
    "stage.opening": "la apertura",
    "stage.voting": "la votación",
    "stage.closing": "el cierre",
    "stage.counting": "el escrutinio",
    "stage.tabulation": "el cómputo",
    "stage.pre_election": "el período anterior a la jornada electoral",
    "stage.said": "{during}, {said}",
    "gender.opening": "f",
    "gender.voting": "f",
    "T20.next": "Los observadores {other} lo vieron en {x} {of}.",
    "M5": "{Fact} en el {p1} {of} {during1} y en el {p2} {during2}.",
    "T16.only": "{Fact} en el único lugar donde pudo observarse.",
    "T16.only.rel": "{Fact} en el único lugar {rel}.",
    "T19.obs": "No se vieron {nor} en ninguna de las más de {n} observaciones donde podía verse.",
    "T19.obs.facts": "En cada una de las más de {n} observaciones donde podía verse, {facts}.",
    "T11.short.obs": "No se vieron {nor} en ninguna de las observaciones donde podía verse.",
    "T11.short.obs.facts": "En todas las observaciones donde podía verse, {facts}.",
    "T06.stage": "{Fact} en el {p} {of} {during}.",
    "T01.next": "Se siguió {stage} en {n} de esas {N}; lo que se dice de ello es también una "
    "estimación para todas.",
    "T11.one": "No se vio ningún caso de {things} en ninguna de las más de {n} {stations} donde "
    "podía observarse; {sure}, podría haberse visto, como máximo, "
    "en el {u}.",
    "T11.short.one": "No se vio ningún caso de {things} en ninguna de las {stations} donde podía "
    "observarse.",
    "T19.one": "No se vio ningún caso de {things} en ninguna de las más de {n} {stations} donde "
    "podía observarse.",
    "T19.obs.one": "No se vio ningún caso de {things} en ninguna de las más de {n} observaciones "
    "donde podía verse.",
    "T11.short.obs.one": "No se vio ningún caso de {things} en ninguna de las observaciones "
    "donde podía verse.",
    "T13.next": "{Condition} en el {p}; en {x} de esas {n} {short}, {fact}.",
    "T14.next": "{Condition} en el {p1}; donde fue así, {fact} en el {p2}.",
    "T20.list": "Los observadores {other} constataron {items}.",
    "T20.item": "{thing} en {x} {of}",
    "T20.item.of": "{thing} en {x} de {n}",
}
