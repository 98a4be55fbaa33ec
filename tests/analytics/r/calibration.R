# Asks R's survey package about raked and calibrated weights; writes calibration.csv beside this
# file with 17 significant digits. Run in this folder: Rscript calibration.R
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "adjust")
out <- NULL
ask <- function(case, d) {
  some <- subset(d, group == "a")
  for (each in list(list("mean", svymean(~votes, d)), list("total", svytotal(~votes, d)),
                    list("ratio", svyratio(~votes, ~cast, d)),
                    list("ratio in a", svyratio(~votes, ~cast, some)),
                    list("total in a", svytotal(~votes, some))))
    out <<- rbind(out, data.frame(case = case, what = each[[1]],
      estimate = sprintf("%.17g", as.numeric(coef(each[[2]]))[1]),
      se = sprintf("%.17g", as.numeric(SE(each[[2]]))[1])))
}
s <- read.csv("stratified.csv")
c1 <- read.csv("clustered.csv")
for (name in c("s", "c1"))
  assign(name, transform(get(name), half = ifelse(seq_len(nrow(get(name))) %% 2 == 1, "p", "q")))
designs <- list(
  stratified = svydesign(ids = ~1, strata = ~stratum, fpc = ~size, data = s),
  clustered = svydesign(ids = ~area, strata = ~stratum, weights = ~weight, fpc = ~size, data = c1))
for (name in names(designs)) {
  d <- designs[[name]]
  # rake() gives the same weights, but in its variance regresses without weights.
  ask(paste(name, "raked"), calibrate(d, ~group + half, calfun = "raking", epsilon = 1e-13,
    maxit = 500, population = c(`(Intercept)` = 1080, groupb = 330, groupc = 350, halfq = 520)))
  ask(paste(name, "calibrated"), calibrate(d, ~cast + group, population = c(
    `(Intercept)` = 1080, cast = 870000, groupb = 330, groupc = 350)))
}
write.csv(out, "calibration.csv", row.names = FALSE, quote = TRUE, eol = "\n")
