"""French sentences of a statement. No native speaker has read them yet."""

TEMPLATES = {
    "T01": "{obs} observateurs répartis en {teams} équipes ont suivi {stage} dans {n} des {N} "
    "{stations} tirés au sort ; ce qui en est dit est une estimation pour l'ensemble des "
    "{stations}.",
    "T01.short": "Les observateurs ont suivi {stage} dans {n} des {N} {stations} tirés au sort ; "
    "ce qui en est dit est une estimation pour l'ensemble des {stations}.",
    "T02": "{Stage} a été observé dans {reached} ; les chiffres ne disent rien des autres.",
    "T02.f": "{Stage} a été observée dans {reached} ; les chiffres ne disent rien des autres.",
    "T03": "Des rapports sont parvenus de {n} sur {N} ; dans {r} l'équipe a été refoulée et {u} "
    "n'ont pu être atteints.",
    "T03.short": "Des rapports sont parvenus de {n} sur {N} ; ce que les autres auraient dit "
    "n'est pas connu.",
    "T04": "La mission n'a pas observé {topic}.",
    "left_out": "{Topic} : laissé de côté par {name} : {reason}",
    "T06": "{Fact} dans {p} {of}.",
    "T06.first": "Dans {p} {of}, {fact}.",
    "T06.next": "Dans {p}, {fact}.",
    "T06.last": "{Fact} dans {p}.",
    "T07": "{Word} ({p}), {fact}.",
    "T07.open": "{Word}, {p}, {fact}.",
    "T08": "On a constaté {things}, chaque fois dans {range} {of}.",
    "T08.next": "On a constaté {things}, chaque fois dans {range}.",
    "T08.facts": "Dans {range} {of} pour chaque constat, {facts}.",
    "T09": "Dans {range} {of}, {facts}.",
    "T10": "Les observateurs ont jugé {stage} bon ou très bon dans {p} {of}.",
    "T10.f": "Les observateurs ont jugé {stage} bonne ou très bonne dans {p} {of}.",
    "T11": "{Nor} n'ont été constatés dans les {stations} où ils pouvaient l'être (plus de {n}) ; "
    "{sure}, {which} aurait pu l'être dans {u} des {stations} au plus.",
    "T11.facts": "Dans les {stations} où cela pouvait être observé (plus de {n}), {facts} ; "
    "{sure}, le contraire aurait pu être constaté dans {u} au plus.",
    "T11.short": "{Nor} n'ont été constatés dans les {stations} où ils pouvaient l'être.",
    "T11.short.facts": "Dans tous les {stations} où cela pouvait être observé, {facts}.",
    "which.one": "cela",
    "sure": "au niveau de confiance de {level}",
    "sure.again": "avec la même certitude",
    "which.two": "l'un ou l'autre",
    "which.more": "l'un d'eux",
    "T12": "{Fact} dans moins de {one} {of} ({x} sur {n}).",
    "T13": "{Condition} dans {p} {of} ; dans {x} de ces {n} {short}, {fact}.",
    "T14": "{Condition} dans {p1} {of} ; là où c'était le cas, {fact} dans {p2}.",
    "T16": "{Fact} dans {x} {of}.",
    "T16.next": "Dans {x} {of}, {fact}.",
    "T16.of": "{Fact} dans {x} sur {n}.",
    "T16.there": "{Fact} dans {x}.",
    "T16.all": "{Fact} dans la totalité {of}.",
    "T19": "{Nor} n'ont été constatés dans les {stations} où ils pouvaient l'être (plus de {n}).",
    "T19.facts": "Dans chacun des {stations} où cela pouvait être observé (plus de {n}), {facts}.",
    "T19.any": "{Nor} n'ont été vus dans aucun.",
    "T20.counts": "Les observateurs {other} ont noté ce qui suit dans {x} {of} : {fact}.",
    "T22": "Ces deux chiffres ne se comparent pas : l'un est une estimation pour l'ensemble des "
    "{stations}, l'autre dénombre ceux qui ont été visités.",
    "T26": "Les observateurs ont été refoulés ou entravés dans {p} {of}.",
    "T27": "Aucun refus ni aucune restriction n'a été opposé aux observateurs.",
    "T28.one": "Cas vérifiés au {time} : {kinds}. Ils sont dénombrés et non convertis en taux.",
    "T28.verified": "Cas vérifiés au {time} : {v}, dont {kinds}. Ils sont dénombrés et non "
    "convertis en taux.",
    "T28.none": "Au {time}, aucun cas n'avait été vérifié.",
    "T28.kind": "{label} ({n})",
    "T30": "Cela touche {to_stds}.",
    "T31": "Les estimations sont des parts {votes}, d'après les résultats de {n} des {N} "
    "{stations}.",
    "T31.next": "{Candidate} : {p}.",
    "T32.out": "La part officielle, {o}, se situe hors de notre fourchette, de {lo} à {hi}, et les "
    "résultats manquants ou en cours d'examen ne peuvent l'y ramener. Cela ne montre ni où ni "
    "pourquoi les chiffres diffèrent.",
    "T32.open": "La part officielle, {o}, se situe hors de notre fourchette, de {lo} à {hi}, mais "
    "les résultats manquants ou en cours d'examen pourraient l'y ramener.",
    "T33": "La fourchette, de {lo} à {hi}, se situe de part et d'autre de {t} ; le comptage rapide "
    "ne permet pas de déterminer si {consequence}.",
    "T33.line": "le seuil « {title} » est franchi",
    "T33.above": "Toute la fourchette, de {lo} à {hi}, est au-dessus de {t}.",
    "T33.below": "Toute la fourchette, de {lo} à {hi}, est en dessous de {t}.",
    "T34": "Des résultats sont parvenus de {n} sur {N} ; en dessous de {threshold}, au total ou "
    "dans une catégorie de {stations}, aucune estimation n'est publiée.",
    "T35": "« ± » et les parenthèses indiquent l'intervalle de confiance à {level}, en points de "
    "pourcentage ; les chiffres sans intervalle dénombrent ce qui a été observé.",
    "T35.counts": "Tous les chiffres dénombrent ce qui a été observé ; ils ne disent rien des "
    "autres {stations}.",
    "T35.words": "« Cas isolés » signifie {a} des {stations}, « certains » {b}, « de nombreux » "
    "{c}, « la majorité » {d} et « la quasi-totalité » {e}.",
    "T35.missing": "Les {stations} où une chose n'a pu être observée n'entrent pas dans son "
    "chiffre (annexe B).",
    "T36": "La présente déclaration est publiée avant l'achèvement du processus ; restent "
    "{stages}.",
    "T36.stages": "la compilation, l'annonce des résultats et les réclamations",
    "both": "{first} ; {second}",
    "front.place": "{place}, {time}.",
    "front.time": "Chiffres arrêtés au {time}.",
    "front.observers": "{organisation} : {observers} observateurs.",
    "front.kind": "Observateurs {kind} : {observers}.",
    "front.stages": "Lieux observés : {stages}.",
    "front.stage": "{stage} {n}",
    "not_enough": "Il n'y a pas encore de quoi conclure.",
    "domestic": "citoyens",
    "international": "internationaux",
    "of.station": "des {stations}",
    "of.station.rel": "des {stations} {rel}",
    "of.station-obs": "des {N} {stations} où cela a pu être observé",
    "of.station-obs.rel": "des {N} {stations} {rel}",
    "of.observation": "des {N} observations",
    "of.observation.rel": "des {N} observations {rel}",
    "of.opening": "des {N} ouvertures où cela a pu être observé",
    "of.count": "des {N} dépouillements où cela a pu être observé",
    "of.centre": "des {N} centres de compilation où cela a pu être observé",
    "during.opening": "à l'ouverture",
    "during.voting": "pendant le vote",
    "during.closing": "à la clôture",
    "during.counting": "pendant le dépouillement",
    "during.tabulation": "pendant la compilation",
    "during.pre_election": "avant le jour du scrutin",
    "stage.opening": "l'ouverture",
    "stage.voting": "le vote",
    "stage.closing": "la clôture",
    "stage.counting": "le dépouillement",
    "stage.tabulation": "la compilation",
    "stage.pre_election": "la période précédant le scrutin",
    "stage.said": "{during}, {said}",
    "gender.opening": "f",
    "gender.closing": "f",
    "gender.tabulation": "f",
    "gender.pre_election": "f",
    "T20.next": "Les observateurs {other} l'ont constaté dans {x} {of}.",
    "M5": "{Fact} dans {p1} {of} {during1} et dans {p2} {during2}.",
    "T16.only": "{Fact} dans le seul lieu où cela a pu être observé.",
    "T16.only.rel": "{Fact} dans le seul lieu {rel}.",
    "T19.obs": "{Nor} n'ont été constatés dans les observations où ils pouvaient l'être (plus de "
    "{n}).",
    "T19.obs.facts": "Dans chacune des observations où cela pouvait être vu (plus de {n}), "
    "{facts}.",
    "T11.short.obs": "{Nor} n'ont été constatés dans les observations où ils pouvaient l'être.",
    "T11.short.obs.facts": "Dans toutes les observations où cela pouvait être vu, {facts}.",
    "T01.next": "Les observateurs ont suivi {stage} dans {n} des {N} tirés au sort ; ce qui en "
    "est dit est aussi une estimation pour l'ensemble des {stations}.",
    "T11.one": "Aucun cas de {things} n'a été constaté dans les {stations} où cela pouvait l'être "
    "(plus de {n}) ; {sure}, {which} aurait pu l'être dans {u} des {stations} au plus.",
    "T11.short.one": "Aucun cas de {things} n'a été constaté dans les {stations} où cela pouvait "
    "l'être.",
    "T19.one": "Aucun cas de {things} n'a été constaté dans les {stations} où cela pouvait l'être "
    "(plus de {n}).",
    "T19.obs.one": "Aucun cas de {things} n'a été constaté dans les observations où cela pouvait "
    "l'être (plus de {n}).",
    "T11.short.obs.one": "Aucun cas de {things} n'a été constaté dans les observations où cela "
    "pouvait l'être.",
    "T13.next": "{Condition} dans {p} ; dans {x} de ces {n} {short}, {fact}.",
    "T14.next": "{Condition} dans {p1} ; là où c'était le cas, {fact} dans {p2}.",
    "T01.asked": "Ce qui n'a été demandé que dans les {stations} {rel} est une estimation pour "
    "ceux-là seuls.",
    "T06.two": "{During}, {fact} dans {p1} {of}, et {fact2} dans {p2}.",
    "T08.counts": "On a constaté {things}, chaque fois dans {x} {of}.",
    "T08.counts.facts": "Dans {x} {of} pour chaque constat, {facts}.",
    "T20.merged": "Les observateurs {other} ont constaté {things}, chaque fois dans {x} {of}.",
    "T20.only": "Les observateurs {other} ont noté ce qui suit dans le seul lieu où ils ont pu "
    "l'observer : {fact}.",
    "T20.only.rel": "Les observateurs {other} ont noté ce qui suit dans le seul lieu {rel} : "
    "{fact}.",
    "T31.one": "Les estimations sont des parts {votes}, d'après le résultat d'{station}.",
    "T35.asked": "Ce qui n'a été demandé que dans les {stations} {rel} ne parle que de ceux-là.",
    "stage.behind": "{said} {during}.",
    "range.counts": "{low} à {high}",
    "more.station-obs": "des {stations} où cela pouvait être observé (plus de {n})",
    "more.station-obs.rel": "des {stations} {rel} (plus de {n})",
    "more.observation": "des observations où cela pouvait être vu (plus de {n})",
    "more.observation.rel": "des observations {rel} (plus de {n})",
    "more.opening": "des ouvertures où cela pouvait être observé (plus de {n})",
    "more.count": "des dépouillements où cela pouvait être observé (plus de {n})",
    "more.centre": "des centres de compilation où cela pouvait être observé (plus de {n})",
    "n.reached.one": "{n} lieu où les équipes ont pu se rendre",
    "n.reached.other": "{n} lieux où les équipes ont pu se rendre",
    "n.station.one": "{n} {station}",
    "n.station.other": "{n} {stations}",
    "n.organisation.one": "d'{n} organisation",
    "n.organisation.other": "de {n} organisations",
    "people": "Observateurs {kind} : {n}, issus {organisations} ; ils ont observé dans "
    "{stations_observed}.",
    "range.counts.or": "{low} ou {high}",
    "T09.next": "Dans {range}, {facts}.",
    "T26.who": "Les observateurs {kind} ont été refoulés ou entravés dans {p} {of}.",
    "T01.short.all": "Les observateurs ont suivi {stage} dans la totalité des {N} {stations} "
    "tirés au sort ; ce qui en est dit est une estimation pour l'ensemble des {stations}.",
    "T01.next.all": "Les observateurs ont suivi {stage} dans la totalité des {N} tirés au sort ; "
    "ce qui en est dit est aussi une estimation pour l'ensemble des {stations}.",
}
