"""`make bench`: every benchmark there is, one after the other."""

from tests.benchmarks import (
    desk,
    estimates,
    first_load,
    hostile,
    imports,
    intake,
    judging,
    million,
)

print("Intake: 64 clients, a voting report of 40 answers, judged, durable, signed")
intake.main(count=5000, workers=(1, 2))

print("Checklists: compiling, judging")
judging.main()

print("Imports: a mission's stations and observers, each file twice")
imports.main()

print("Estimates: 40 indicators in the nation and 30 regions, with intervals")
estimates.main()

print("Every page and figure that a lead can open, served: 40,000 reports in a real database")
million.main(million.options().parse_args(["--copies", "10"]))

print("The desk: every page of it, and acts until a figure has them, over 40,000 reports")
desk.main(desk.options().parse_args(["--copies", "10"]))

print("The app's first load: 400 kbit/s, 400 ms, a processor four times slower")
first_load.main()

print("Workbooks that mean harm, refused")
hostile.main()
