"""Portuguese sentences of a statement. No native speaker has read them yet."""

TEMPLATES = {
    "T01": "{obs} observadores, em {teams} equipas, acompanharam {stage} em {n} das {N} "
    "{stations} sorteadas; o que disso se diz é uma estimativa para todas as {stations}.",
    "T01.short": "Os observadores acompanharam {stage} em {n} das {N} {stations} sorteadas; o "
    "que disso se diz é uma estimativa para todas as {stations}.",
    "T02": "{Stage} foi observado em {N} locais a que as equipas chegaram; os números referem-se "
    "apenas a eles.",
    "T02.f": "{Stage} foi observada em {N} locais a que as equipas chegaram; os números "
    "referem-se apenas a eles.",
    "T03": "Chegaram relatórios de {n} de {N}; em {r} a equipa foi impedida de entrar e a {u} "
    "não foi possível chegar.",
    "T03.short": "Chegaram relatórios de {n} de {N}; não se sabe o que os outros teriam dito.",
    "T04": "A missão não observou {topic}.",
    "left_out": "{Topic}: não incluído por decisão de {name}: {reason}",
    "T06": "{Fact} em {p} {of}.",
    "T06.first": "Em {p} {of}, {fact}.",
    "T06.next": "Em {p}, {fact}.",
    "T06.last": "{Fact} em {p}.",
    "T07": "{Word} ({p}), {fact}.",
    "T07.open": "{Word}, {p}, {fact}.",
    "T08": "Constataram-se {things}, em cada caso numa proporção de {range} {of}.",
    "T08.next": "Constataram-se {things}, em cada caso numa proporção de {range}.",
    "T08.facts": "Numa proporção de {range} {of} para cada facto, {facts}.",
    "T09": "Em {range} {of}, {facts}.",
    "T10": "Os observadores avaliaram {stage} como bom ou muito bom em {p} {of}.",
    "T10.f": "Os observadores avaliaram {stage} como boa ou muito boa em {p} {of}.",
    "T11": "Não se viram {nor} em nenhuma das mais de {n} {stations} onde tal podia ser "
    "observado; {sure}, poderiam ter sido vistos, no máximo, em "
    "{u}.",
    "T11.facts": "Nas mais de {n} {stations} onde tal podia ser observado, {facts}; {sure}, o "
    "contrário poderia ter sido visto, no máximo, em {u}.",
    "T11.short": "Não se viram {nor} em nenhuma das {stations} onde tal podia ser observado.",
    "T11.short.facts": "Em todas as {stations} onde tal podia ser observado, {facts}.",
    "which.one": "",
    "sure": "com um nível de confiança de {level}",
    "sure.again": "com a mesma certeza",
    "which.two": "",
    "which.more": "",
    "T12": "{Fact} em menos de {one} {of} ({x} de {n}).",
    "T13": "{Condition} em {p} {of}; em {x} dessas {n} {short}, {fact}.",
    "T14": "{Condition} em {p1} {of}; onde assim foi, {fact} em {p2}.",
    "T16": "{Fact} em {x} {of}.",
    "T16.next": "Em {x} {of}, {fact}.",
    "T16.of": "{Fact} em {x} de {n}.",
    "T16.there": "{Fact} em {x}.",
    "T16.all": "{Fact} na totalidade {of}.",
    "T19": "Não se viram {nor} em nenhuma das mais de {n} {stations} onde tal podia ser observado.",
    "T19.facts": "Em cada uma das mais de {n} {stations} onde tal podia ser observado, {facts}.",
    "T19.any": "Não se viram {nor} em nenhuma.",
    "T20": "A estimativa dos observadores {kind} para todas as {stations} é de {p}; os "
    "observadores {other} viram-no em {x} de {n}.",
    "T20.counts": "Os observadores {other} anotaram o seguinte em {x} {of}: {fact}.",
    "T22": "Os dois números não são comparáveis: um é uma estimativa para todas as {stations}, o "
    "outro conta as visitadas.",
    "T26": "Os observadores foram impedidos de entrar ou limitados no seu trabalho em {p} {of}.",
    "T27": "Em nenhum lugar foi recusada a entrada aos observadores ou limitado o seu trabalho.",
    "T28.one": "Casos verificados até {time}: {kinds}. São contados, não convertidos em taxas.",
    "T28.verified": "Casos verificados até {time}: {v}; entre eles, {kinds}. São contados, não "
    "convertidos em taxas.",
    "T28.none": "Até {time} nenhum caso tinha sido verificado.",
    "T28.kind": "{label} ({n})",
    "T30": "Isto diz respeito {to_stds}.",
    "T31": "{Candidate}: {p} {votes}, segundo os resultados de {n} de {N} {stations}.",
    "T31.next": "{Candidate}: {p}.",
    "T32.in": "A percentagem oficial, {o}, está dentro do nosso intervalo, de {lo} a {hi}: é "
    "compatível.",
    "T32.out": "A percentagem oficial, {o}, está fora do nosso intervalo, de {lo} a {hi}, e os "
    "resultados em falta ou em análise não o podem trazer para dentro dele. Isto não mostra onde "
    "nem porque diferem os números.",
    "T32.open": "A percentagem oficial, {o}, está fora do nosso intervalo, de {lo} a {hi}, mas "
    "os resultados em falta ou em análise poderiam trazê-la para dentro dele.",
    "T33": "O intervalo, de {lo} a {hi}, fica de ambos os lados de {t}; a contagem rápida não "
    "permite determinar se {consequence}.",
    "T33.line": "o limiar «{title}» é ultrapassado",
    "T33.above": "Todo o intervalo, de {lo} a {hi}, fica acima de {t}.",
    "T33.below": "Todo o intervalo, de {lo} a {hi}, fica abaixo de {t}.",
    "T34": "Chegaram resultados de {n} de {N}; abaixo de {threshold}, no total ou numa classe de "
    "{stations}, não se publica qualquer estimativa.",
    "T35": "«±» e os parênteses indicam o intervalo de confiança de {level}, em pontos "
    "percentuais; os números sem eles contam o que foi observado.",
    "T35.counts": "Todos os números contam o que foi observado; não falam de outras {stations}.",
    "T35.words": "«Casos isolados» significa {a} das {stations}; «algumas», {b}; «muitas», {c}; "
    "«a maioria», {d}; «quase todas», {e}.",
    "T35.missing": "As {stations} onde algo não pôde ser observado ficam fora do seu número "
    "(anexo B).",
    "T36": "Esta declaração é emitida antes da conclusão do processo; faltam ainda {stages}.",
    "T36.stages": "o apuramento, o anúncio dos resultados e as reclamações",
    "both": "{first}; {second}",
    "front.place": "{place}, {time}.",
    "front.time": "Números à data de {time}.",
    "front.observers": "{organisation}: {observers} observadores.",
    "front.kind": "Observadores {kind}: {observers}.",
    "front.stages": "Locais observados: {stages}.",
    "front.stage": "{stage} {n}",
    "not_enough": "Ainda não há o bastante para concluir.",
    "domestic": "cidadãos",
    "international": "internacionais",
    "of.station": "das {stations}",
    "of.station.rel": "das {stations} {rel}",
    "of.station-obs": "das {N} {stations} onde tal pôde ser observado",
    "of.station-obs.rel": "das {N} {stations} {rel}",
    "of.observation": "de {N} observações",
    "of.observation.rel": "de {N} observações {rel}",
    "of.opening": "das {N} aberturas onde tal pôde ser observado",
    "of.count": "das {N} contagens onde tal pôde ser observado",
    "of.centre": "dos {N} centros de apuramento onde tal pôde ser observado",
    "during.opening": "na abertura",
    "during.voting": "durante a votação",
    "during.closing": "no encerramento",
    "during.counting": "durante a contagem",
    "during.tabulation": "durante o apuramento",
    "during.pre_election": "antes do dia das eleições",
    "stage.opening": "a abertura",
    "stage.voting": "a votação",
    "stage.closing": "o encerramento",
    "stage.counting": "a contagem",
    "stage.tabulation": "o apuramento",
    "stage.pre_election": "o período anterior ao dia das eleições",
    "stage.said": "{during}, {said}",
    "gender.opening": "f",
    "gender.voting": "f",
    "gender.counting": "f",
    "T20.next": "Os observadores {other} viram-no em {x} {of}.",
    "M5": "{Fact} em {p1} {of} {during1} e em {p2} {during2}.",
    "range": "{low} a {high}",
    "T16.only": "{Fact} no único local onde tal pôde ser observado.",
    "T16.only.rel": "{Fact} no único local {rel}.",
    "T19.obs": "Não se viram {nor} em nenhuma das mais de {n} observações onde tal podia ser "
    "visto.",
    "T19.obs.facts": "Em cada uma das mais de {n} observações onde tal podia ser visto, {facts}.",
    "T11.short.obs": "Não se viram {nor} em nenhuma das observações onde tal podia ser visto.",
    "T11.short.obs.facts": "Em todas as observações onde tal podia ser visto, {facts}.",
    "T06.stage": "{Fact} em {p} {of} {during}.",
    "T01.next": "Os observadores acompanharam {stage} em {n} dessas {N}; o que disso se diz é "
    "também uma estimativa para todas.",
    "T11.one": "Não se viu nenhum caso de {things} em nenhuma das mais de {n} {stations} onde "
    "tal podia ser observado; {sure}, poderia ter sido visto, no "
    "máximo, em {u}.",
    "T11.short.one": "Não se viu nenhum caso de {things} em nenhuma das {stations} onde tal "
    "podia ser observado.",
    "T19.one": "Não se viu nenhum caso de {things} em nenhuma das mais de {n} {stations} onde "
    "tal podia ser observado.",
    "T19.obs.one": "Não se viu nenhum caso de {things} em nenhuma das mais de {n} observações "
    "onde tal podia ser visto.",
    "T11.short.obs.one": "Não se viu nenhum caso de {things} em nenhuma das observações onde tal "
    "podia ser visto.",
    "T13.next": "{Condition} em {p}; em {x} dessas {n} {short}, {fact}.",
    "T14.next": "{Condition} em {p1}; onde assim foi, {fact} em {p2}.",
    "T20.list": "Os observadores {other} constataram {items}.",
    "T20.item": "{thing} em {x} {of}",
    "T20.item.of": "{thing} em {x} de {n}",
}
