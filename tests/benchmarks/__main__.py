"""`make bench`: every benchmark there is, one after the other."""

from tests.benchmarks import imports, intake

print("Intake: 64 clients, a voting report of 40 answers, judged, durable, signed")
intake.main(count=6000, workers=(1, 2))

print("Imports: a mission's stations and observers, each file twice")
imports.main()
