#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view data_analysis = R"grammar(
@ child simple
!make a bar chart of {kid_counts}
!count how many of {kid_counts} there are
which number is the biggest in my list of {kid_counts}?
!draw a graph about {kid_counts}
!find the average of {kid_numbers}
what does my chart about {kid_counts} show?
@ child moderate
I wrote down {kid_counts} for a week. Which day had the most?
!make a table of {kid_counts} and {kid_counts} and show which is more
I measured {kid_numbers} every morning. Can you make a line graph and tell me if it goes up?
!compare {kid_numbers} with {kid_numbers} in a chart
my class voted on {kid_vote}. How do I show the votes in a graph?
@ child complex
for maths I counted {kid_counts} and {kid_counts} on {four|five|six} days. Please make a table, find the average of each, and tell me which one changes more.
my class voted on {kid_vote} and I also wrote down {kid_numbers}. Please make two graphs and tell me what the numbers say and what they don't say.
@ beginner simple
!make a chart of {personal}
!calculate the average of {personal}
which month stands out in {personal}?
how do I make a pivot table from {personal}?
!show me the trend in {personal}
!sum up {personal} by week
@ beginner moderate
I have {personal} in a spreadsheet. What is the easiest way to see whether it goes up or down?
!look at {personal} and tell me which category costs the most
!make a simple graph of {personal} and explain how to read it
what do the mean and the median of {personal} tell me when they differ?
!compare {personal} this year with last year in one chart
is there a pattern in {personal}, or am I seeing things?
which chart should I use for {personal}, and why not a pie chart?
!help me read this: {personal}, month by month, what went up most?
!put {personal} next to {personal} and look for a connection
@ beginner complex
I collected {personal} for {some_time}, but some days are missing. How do I clean it, which chart fits, and how can I tell whether the change is real?
!take {personal}, group it by month, draw a chart, and explain in plain words what a trend line is and what mine shows
here is {personal} for {some_time}. Work out the average, the highest and the lowest value, and tell me which numbers look like typing mistakes.
@ general simple
!analyse {data}
!plot {data} by {dim}
!find the outliers in {data}
!calculate the correlation between {metric} and {metric}
what trends do you see in {data}?
!break down {metric} by {dim}
which {dim} has the highest {metric}?
!visualise {metric} over time
!run the numbers on {data}
@ general moderate
!{analyse|go through|dig into|study} {data} and {tell me|show|find out} which {dim} {drives|pulls down|best predicts} {metric}
!compare {metric} {across|by} {dim} and {point out anything unusual|name the extremes|rank them|explain the spread}
our {metric} dropped {since}. Can you look at {data} and find out where it comes from?
!{make|build|design|sketch} a {dashboard|one-page report|chart book|weekly view} {that shows|of} {metric} and {metric} by {dim}
!forecast {metric} for the next {quarter|six weeks|year|season} from {data}
what can we learn from {data} about the link between {metric} and {metric}?
!clean {data}, remove duplicates and chart {metric} by {dim}
!{find out|test|work out} whether {metric} {differs by|depends on|varies with} {dim} in {data}
!{segment|group|slice} {data} by {dim} and describe the {three largest|smallest|oddest|fastest growing} groups
!check {data} for {missing values|impossible dates|double entries|wrong units} and {tabulate|chart|describe} the rest by {dim}
which of {metric} and {metric} is the better predictor for {metric}, going by {data}?
!plot {metric} against {metric}, coloured by {dim}, from {data}
how much of the {drop|rise|jump} in {metric} {since} comes from {dim}?
!rank every {dim} by {metric} and chart the {top|bottom} {five|ten|three}
!turn {data} into {two|three|four} charts a {nurse|mayor|pupil|volunteer} understands
are the figures in {data} plausible, or is {metric} simply mistyped for one {dim}?
!estimate {metric} for each {dim} where {data} has gaps
@ general complex
!take {data}, join it with {data}, and find out why {metric} changed {since} // I need one chart by {dim}, the five biggest contributors, and a note on what the data cannot tell.
{our management|the mayor|my boss|the board|a journalist} {wants to know|asks|doubts} whether {metric} depends on {dim}. Use {data}, test two explanations, rule out seasonal effects, and present {metric} next to {metric} on one page.
!analyse {data}: distribution of {metric}, outliers by {dim}, a forecast for next {quarter|winter|month}, and a recommendation which {dim} to look at first
!compare {data} with {data}, year by year: where do {metric} and {metric} part ways, which {dim} explains it, and how sure are you given so few {rows|months|cases}?
since the {flood|price cut|new manager|redesign|merger}, {metric} looks better and {metric} worse. Take {data}, adjust for {dim}, and chart both before and after.
!build a {small|simple|transparent} model of {metric} from {data}, {check|test} it on the last {month|season|quarter}, list its worst misses by {dim}, and explain two of them
I have {data} and nobody to ask. What is the average {metric}, how far apart are the {dim} values, which numbers look wrong, and what would a good chart show?
@ intermediate simple
!run a {test} on {metric}
!fit a regression of {metric} on {metric}
!build a cohort table from {data}
!cluster {data} by behaviour
!compute the {stat} of {metric}
!plot the residuals of the {metric} model
@ intermediate moderate
!run a {test} to see whether {metric} differs by {dim}, and report the effect size
!fit a model that predicts {metric} from {data} and show the feature importances
our A/B test changed {metric} by {three|five|two|eight} percent. Is that significant given {data}?
!decompose {metric} into trend, season and remainder using {data}
!write a pandas pipeline that loads {data}, imputes gaps and computes the {stat} of {metric} by {dim}
which visualisation shows {metric} against {metric} for forty {dim} without overplotting?
!detect the change point in {metric} {since}
!estimate how {metric} responds to {metric}, controlling for {dim}
!bootstrap a confidence interval for the {stat} of {metric}
!flag anomalies in {metric} by {dim} with a rolling {z-score|median filter|forecast}
@ intermediate complex
!build a churn analysis on {data}: define the event, compute retention by {dim}, run a {test} on the difference, and list the assumptions you made
!analyse the experiment in {data} // The primary metric is {metric}, {metric} is the guardrail, traffic was split by {dim}, and the ratio looks off. Check for a sample ratio mismatch first, then report intervals.
!fit two models for {metric}, one with {dim} as a feature and one without, cross-validate them on {data}, and tell me if the added complexity pays
@ expert simple
!estimate the {estimand} from {panel}
!fit a {model} to {panel}
!derive the posterior of {metric_x} under a {model}
!diagnose the convergence of a {model} on {panel}
@ expert moderate
!fit a {model} to {panel} and check the identification of the {estimand}
!estimate the {estimand} with {method} and report clustered standard errors
!compare a {model} with a {model} on {panel} by expected log predictive density
how sensitive is the {estimand} from {panel} to {threat}?
!run a simulation study on the bias of {method} under {threat}
!reanalyse {panel} with {method} and quantify {threat}
!quantify how much {threat} attenuates the {estimand} under {method}
!simulate {panel} from a {model} and recover the {estimand}
!elicit priors for {metric_x} in a {model} of {panel}
@ expert complex
!estimate the {estimand} from {panel} using {method} // Address {threat} by a sensitivity bound, contrast it with a {model}, and report a specification curve instead of a single p value.
!fit a {model} to {panel}, run posterior predictive checks on {metric_x}, marginalise over {threat}, and state under which assumptions the {estimand} is identified
our referees doubt the {estimand} in {panel}. Redo the inference with {method}, pre-specify the contrasts, correct for {threat}, and give simultaneous intervals for {metric_x}.
@ vague
!look at the {numbers|figures|sheet|data|stats} {again|I sent|for me|from yesterday}
what do {the numbers|these figures|the results|my stats} say?
!make a {chart|graph|table} of {it|this|everything|the usual}
is that {number|result|value} {good|normal|weird|too high}?
!analyse {it}
!do the {stats|math|breakdown} {thing|again|for the report}
something is off with the {data|totals|curve}, can you look?
@ short
average? | a chart | trends? | plot it | the median | outliers? | any patterns? | pie chart | correlation? | per month? | totals please | histogram | top ten? | p value? | pivot table | analyse data | growth rate? | heat map | by region? | variance? | the numbers? | benchmark? | statistics?

= kid_counts
red and blue cars | birds in our garden | my marbles by colour | pets in my class | books I read | rainy days | sweets in each bag | goals my team scored | bugs under a stone | lost teeth in my class | dogs in the park | steps to each room | my stickers | freckles in our family
= kid_numbers
how tall my bean plant is | my jumping distances | the temperature outside | my test points | how long I brush my teeth | my pocket money | how far my paper planes fly | my running times | how much my puppy weighs | hours of sun
= kid_vote
the best ice cream | a name for the hamster | the funniest film | where to go on the trip | favourite fruits | the coolest dinosaur | what to play at break | the class song
= personal
my grocery spending | my running times | our electricity readings | the tips I earned | my sleep hours | my blood pressure log | our club's membership fees | my study hours | the fuel receipts | my bank statement | the ticket sales of our school play | my weight diary | rainfall in my garden | my screen time | our holiday expenses | the scores of my darts team | my podcast downloads | phone bills | the plants I sold at the market
= some_time
three weeks | half a year | forty days | two winters | a whole summer | ninety days | one term | five months
= data
the sales figures | last year's support tickets | the survey answers | our web traffic | the store inventory | a file of customer reviews | the attendance register | these bus delays | the election results | our newsletter clicks | the hospital waiting times | warehouse scans | the museum's ticket log | our energy bills | the rental listings | payroll records | the marathon splits | bike-share trips | the harvest yields | call centre logs | the crime statistics | recipe ratings | the donations list | parking data | flight prices | the library loans | a census extract | factory sensor readings | insurance claims | the cinema bookings
= metric
revenue | customer satisfaction | delivery time | return rate | page load time | rent per square metre | attendance | energy use | conversion rate | basket size | employee turnover | response time | dropout rate | rainfall | cost per lead | exam score | number of noise complaints | fuel consumption | profit margin | waiting time | crop yield | accident rate | churn | share of repeat purchases | session length | overtime per head | recycling rate | refund volume
= dim
region | age group | store | weekday | product line | postcode | season | supplier | department | channel | school | hour of the day | customer type | district | device | neighbourhood | vehicle type | shift | country | price band
= since
since March | after the relaunch | last quarter | when the new tariff came | since we moved | after the holidays | around Easter | since the app update | in the second half of the year | after the price rise | during the strike | since the summer
= test
chi-squared test | t-test | Mann-Whitney test | one-way ANOVA | permutation test | Kolmogorov-Smirnov test | two-proportion z-test | paired Wilcoxon test | log-rank test | Fisher exact test
= stat
interquartile range | rolling mean | coefficient of variation | ninetieth percentile | weighted average | year-on-year change | skewness | autocorrelation | running total | Herfindahl index
= panel
a dyadic trade panel | the longitudinal cohort | an unbalanced firm panel | the staggered rollout data | a spatio-temporal point pattern | linked employer records | the left-censored assay data | a multilevel school survey | the intraday order book | an interrupted time series | a case-crossover sample | the capture-recapture counts | registry data with competing risks | a nested trial
= model
hierarchical Poisson model | Gaussian process | state-space model | zero-inflated negative binomial | Cox model with frailty | vector autoregression | latent class model | Bayesian structural time series | generalised additive mixed model | hidden semi-Markov model | spatial Durbin model | Dirichlet process mixture
= estimand
average treatment effect | local average treatment effect | conditional quantile effect | cumulative incidence | intraclass correlation | dose-response curve | complier effect | hazard ratio | natural direct effect | elasticity of demand | between-group variance
= method
doubly robust learning | synthetic controls | regression discontinuity | inverse probability weighting | targeted maximum likelihood | difference-in-differences with staggered adoption | instrumental variables | the parametric g-formula | multiple imputation | double machine learning | conformal inference
= threat
informative censoring | spillover between units | weak instruments | measurement error | unmeasured confounding | post-treatment bias | heteroskedasticity | collider stratification | non-ignorable dropout | multiplicity | temporal autocorrelation | violated parallel trends
= metric_x
the tail index | site-level random effects | mortality | the overdispersion parameter | log wages | the cross-lagged coefficients | readmission | the covariance structure | species abundance | realised volatility
)grammar";

} // namespace intents::grammar_text
