# Asks R's survey package (4.1-1, R 4.2.2) about the samples beside this file and writes what it
# says to oracle.csv with 17 significant digits. Run in this folder: Rscript oracle.R
suppressPackageStartupMessages(library(survey))

said <- list()
keep <- function(case, what, m, df, interval = NULL, deff = NA) {
  estimate <- as.numeric(coef(m))[1]
  se <- as.numeric(SE(m))[1]
  if (is.null(interval)) interval <- estimate + c(-1, 1) * qt(0.975, df) * se
  said[[length(said) + 1]] <<- data.frame(
    case = case, what = what, estimate = estimate, se = se,
    low = interval[1], high = interval[2], df = df, deff = deff)
}

# The design effect is against a sample without replacement where there is a finite population.
ask <- function(case, d, against = TRUE) {
  answered <- subset(d, !is.na(late))
  keep(case, "mean votes", svymean(~votes, d), degf(d),
       deff = as.numeric(deff(svymean(~votes, d, deff = against))))
  keep(case, "total votes", svytotal(~votes, d), degf(d),
       deff = as.numeric(deff(svytotal(~votes, d, deff = against))))
  keep(case, "ratio votes/cast", svyratio(~votes, ~cast, d), degf(d))
  keep(case, "mean late", svymean(~known, answered), degf(answered))
  for (method in c("beta", "xlogit")) {
    p <- svyciprop(~I(known == 1), answered, method = method)
    keep(case, paste("proportion late", method), svymean(~known, answered), degf(answered),
         as.numeric(attr(p, "ci")))
  }
  for (each in c("a", "b", "c")) {
    inside <- subset(d, group == each)
    keep(case, paste("ratio votes/cast in", each), svyratio(~votes, ~cast, inside), degf(inside))
    keep(case, paste("total votes in", each), svytotal(~votes, inside), degf(inside))
    some <- subset(d, group == each & !is.na(late))
    p <- svyciprop(~I(known == 1), some, method = "beta")
    keep(case, paste("proportion late in", each), svymean(~known, some), degf(some),
         as.numeric(attr(p, "ci")))
  }
}

s <- read.csv("stratified.csv")
c1 <- read.csv("clustered.csv")
t2 <- read.csv("two_stages.csv")
# A missing value in a row outside the domain makes a post-stratified variance missing in R.
for (name in c("s", "c1", "t2"))
  assign(name, transform(get(name), known = ifelse(is.na(late), 0, late)))
for (lonely in c("adjust", "remove", "average")) {
  options(survey.lonely.psu = lonely)
  ask(paste("stratified", lonely),
      svydesign(ids = ~1, strata = ~stratum, fpc = ~size, data = s))
}
options(survey.lonely.psu = "adjust")
ask("stratified weights only", svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = s),
    "replace")
ask("simple", svydesign(ids = ~1, weights = ~1, data = s), "replace")
ask("clustered", svydesign(ids = ~area, strata = ~stratum, weights = ~weight, data = c1),
    "replace")
ask("clustered finite",
    svydesign(ids = ~area, strata = ~stratum, weights = ~weight, fpc = ~size, data = c1))
ask("two stages", svydesign(ids = ~area + station, strata = ~stratum,
                            fpc = ~areas + stations, data = t2))
groups <- data.frame(group = c("a", "b", "c"), Freq = c(400, 330, 350))
ask("post-stratified", postStratify(
  svydesign(ids = ~1, strata = ~stratum, fpc = ~size, data = s), ~group, groups))
ask("clustered post-stratified", postStratify(
  svydesign(ids = ~area, strata = ~stratum, weights = ~weight, fpc = ~size, data = c1),
  ~group, groups))

out <- do.call(rbind, said)
# nrow() of a part of a post-stratified design counts the rows outside it too, so that the beta
# interval of such a part is another's. Its estimate and standard error are kept.
other <- grepl("post-stratified", out$case) & grepl("proportion", out$what) &
  !grepl("xlogit", out$what)
out[other, c("low", "high")] <- NA
for (name in c("estimate", "se", "low", "high", "df", "deff"))
  out[[name]] <- ifelse(is.na(out[[name]]), "", sprintf("%.17g", out[[name]]))
write.csv(out, "oracle.csv", row.names = FALSE, quote = TRUE, eol = "\n")
