"""English sentences of a statement. ``{Gap}`` begins with a capital, ``{gap}`` does not."""

TEMPLATES = {
    "T01": "{obs} observers in {teams} teams followed {stage} at {n} of the {N} {stations} drawn "
    "by lot; what is said of it is an estimate for all {stations}.",
    "T01.short": "{Stage} was followed at {n} of the {N} {stations} drawn by lot; what is said "
    "of it is an estimate for all {stations}.",
    "T02": "{Stage} was observed at {N} places that teams could reach; the figures speak of "
    "these only.",
    "T03": "Reports came from {n} of {N}; at {r} the team was turned away and {u} could not be "
    "reached.",
    "T03.short": "Reports came from {n} of {N}; what the others would have said is not known.",
    "T04": "{Topic} was not observed by this mission.",
    "left_out": "{Topic}: left out by {name}: {reason}",
    "T06": "{Fact} at {p} {of}.",
    "T06.first": "At {p} {of}, {fact}.",
    "T06.next": "At {p}, {fact}.",
    "T06.last": "{Fact} at {p}.",
    "T07": "{Word} ({p}), {fact}.",
    "T07.open": "{Word}, {p}, {fact}.",
    "T08": "{Things} were each noted at {range} {of}.",
    "T08.next": "{Things} were each noted at {range}.",
    "T08.facts": "At {range} {of} each, {facts}.",
    "T09": "{Facts} at {range} {of}.",
    "T10": "Observers assessed {stage} as good or very good at {p} {of}.",
    "T11": "{Things} were not seen at any of the more than {n} {stations} where this could be "
    "observed; {sure}, {which} could have been seen at no more than {u}.",
    "T11.facts": "At the more than {n} {stations} where this could be observed, {facts}; {sure}, "
    "the contrary could have been seen at no more than {u}.",
    "T11.short": "{Things} were not seen at any of the {stations} where this could be observed.",
    "T11.short.facts": "At all {stations} where this could be observed, {facts}.",
    "sure": "at {level} confidence",
    "sure.again": "with the same certainty",
    "which.two": "either",
    "which.one": "this",
    "which.more": "any of them",
    "T12": "{Fact} at fewer than {one} {of} ({x} of {n}).",
    "T13": "{Condition} at {p} {of}; at {x} of these {n}, {fact}.",
    "T14": "{Condition} at {p1} {of}; where it was so, {fact} at {p2}.",
    "T16": "{Fact} at {x} {of}.",
    "T16.in": "{Fact} in {x} {of}.",
    "T16.next": "At {x} {of}, {fact}.",
    "T16.next.in": "In {x} {of}, {fact}.",
    "T16.of": "{Fact} at {x} of {n}.",
    "T16.of.in": "{Fact} in {x} of {n}.",
    "T16.there": "{Fact} at {x}.",
    "T16.there.in": "{Fact} in {x}.",
    "T16.all": "{Fact} at all {of}.",
    "T16.all.in": "{Fact} in all {of}.",
    "T19": "{Things} were not seen at any of the more than {n} {stations} where this could be "
    "observed.",
    "T19.facts": "At each of the more than {n} {stations} where this could be observed, {facts}.",
    "T19.any": "{Things} were not seen in any.",
    "T20": "{Kind} observers' estimate for all {stations} is {p}; {other} observers saw it at "
    "{x} of {n}.",
    "T20.counts": "{Other} observers noted that {fact} at {x} {of}.",
    "T22": "The two figures are not to be compared: one is an estimate for all {stations}, the "
    "other counts those visited.",
    "T26": "Observers were refused or restricted at {p} {of}.",
    "T27": "Observers were not refused or restricted anywhere.",
    "T28.one": "Cases verified by {time}: {kinds}. They are counted, not turned into rates.",
    "T28.verified": "Cases verified by {time}: {v}; among them {kinds}. They are counted, not "
    "turned into rates.",
    "T28.none": "By {time}, no case had been verified.",
    "T28.kind": "{label} ({n})",
    "T30": "This bears on {stds}.",
    "T31": "{Candidate}: {p} {votes}, from the results of {n} of {N} {stations}.",
    "T31.next": "{Candidate}: {p}.",
    "T32.in": "The official share, {o}, lies inside our range, {lo} to {hi}: consistent.",
    "T32.out": "The official share, {o}, lies outside our range, {lo} to {hi}, and results that "
    "are missing or under review cannot bring it inside. This does not show where or why the "
    "figures differ.",
    "T32.open": "The official share, {o}, lies outside our range, {lo} to {hi}, but results that "
    "are missing or under review could bring it inside.",
    "T33": "The range, {lo} to {hi}, lies on both sides of {t}; the quick count cannot determine "
    "whether {consequence}.",
    "T33.line": "the line for “{title}” is passed",
    "T33.above": "The whole of the range, {lo} to {hi}, lies above {t}.",
    "T33.below": "The whole of the range, {lo} to {hi}, lies below {t}.",
    "T34": "Results came from {n} of {N}; below {threshold} overall or in a class of {stations} "
    "no estimate is published.",
    "T35": "“±” and brackets are {level} confidence intervals in percentage points; figures "
    "without them count what was observed.",
    "T35.counts": "All figures count what was observed; they do not speak of other {stations}.",
    "T35.words": "“Isolated” means {a} of {stations}, “some” {b}, “many” {c}, “the majority” {d} "
    "and “almost all” {e}.",
    "T35.missing": "{Stations} where a thing could not be observed are left out of its figure "
    "(annex B).",
    "T36": "This statement is issued before the process is complete; {stages} remain.",
    "T36.stages": "tabulation, the announcement of results and complaints",
    "both": "{first}; {second}",
    "front.place": "{place}, {time}.",
    "front.time": "Figures as they stood on {time}.",
    "front.observers": "{organisation}: {observers} observers.",
    "front.kind": "{Kind} observers: {observers}.",
    "front.stages": "Places observed: {stages}.",
    "front.stage": "{stage} {n}",
    "not_enough": "There is not yet enough to conclude.",
    "domestic": "citizen",
    "international": "international",
    "of.station": "of {stations}",
    "of.station.rel": "of the {stations} {rel}",
    "of.station-obs": "of the {N} {stations} where this was observed",
    "of.station-obs.rel": "of the {N} {stations} {rel}",
    "of.observation": "of {N} observations",
    "of.observation.rel": "of {N} observations {rel}",
    "of.opening": "of the {N} openings where this was observed",
    "of.count": "of the {N} counts where this was observed",
    "of.centre": "of the {N} tabulation centres where this was observed",
    "during.opening": "during opening",
    "during.voting": "during voting",
    "during.closing": "during closing",
    "during.counting": "during the count",
    "during.tabulation": "during tabulation",
    "during.pre_election": "before election day",
    "stage.opening": "the opening",
    "stage.voting": "voting",
    "stage.closing": "closing",
    "stage.counting": "the count",
    "stage.tabulation": "tabulation",
    "stage.pre_election": "the time before election day",
    "stage.said": "{during}, {said}",
    "T20.next": "{Other} observers saw it at {x} {of}.",
    "M5": "{Fact} at {p1} {of} {during1} and at {p2} {during2}.",
    "T16.only": "{Fact} at the one place where this was observed.",
    "T16.only.rel": "{Fact} at the one place {rel}.",
    "T19.obs": "{Things} were not seen in any of the more than {n} observations in which this "
    "could be seen.",
    "T19.obs.facts": "In each of the more than {n} observations in which this could be seen, "
    "{facts}.",
    "T11.short.obs": "{Things} were not seen in any of the observations in which this could be "
    "seen.",
    "T11.short.obs.facts": "In all observations in which this could be seen, {facts}.",
    "T20.next.in": "{Other} observers saw it in {x} {of}.",
    "T20.counts.in": "{Other} observers noted that {fact} in {x} {of}.",
    "T06.stage": "{Fact} at {p} {of} {during}.",
    "T01.next": "{Stage} was followed at {n} of these {N}; what is said of it is an estimate for "
    "all {stations} too.",
    "T11.one": "No case of {things} was seen at any of the more than {n} {stations} where this "
    "could be observed; {sure}, {which} could have been seen at no more than {u}.",
    "T11.short.one": "No case of {things} was seen at any of the {stations} where this could be "
    "observed.",
    "T19.one": "No case of {things} was seen at any of the more than {n} {stations} where this "
    "could be observed.",
    "T19.obs.one": "No case of {things} was seen in any of the more than {n} observations in "
    "which this could be seen.",
    "T11.short.obs.one": "No case of {things} was seen in any of the observations in which this "
    "could be seen.",
    "T13.next": "{Condition} at {p}; at {x} of these {n}, {fact}.",
    "T14.next": "{Condition} at {p1}; where it was so, {fact} at {p2}.",
    "T20.list": "{Other} observers noted {items}.",
    "T20.item": "{thing} at {x} {of}",
    "T20.item.in": "{thing} in {x} {of}",
    "T20.item.of": "{thing} at {x} of {n}",
    "T20.item.of.in": "{thing} in {x} of {n}",
}
