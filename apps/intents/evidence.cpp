#include "evidence.hpp"
#include <algorithm>
#include <cmath>
#include <penstock/text/ngrams.hpp>

namespace intents {
namespace {

/// Beginnings of words, between blanks; "." ends one that must be the whole word.
constexpr std::string_view cues[intent_count] = {
    "what. why. how. who. when. where. which. is. are. do. does. did. can. tell. explain. mean defin fact trivia know question origin true. since. says. whose. capital.",
    "write. writ poem story stories tale song lyric rhym poet haiku limerick sonnet invent compos riddle creativ slogan letter speech dialogue monologue toast novel scene legend caption character lullaby chapter "
    "describe. play. comic diary fiction rewrite. sketch ekphra passage villanelle name. opening ode verse ballad idea. drama ending draft portray creat myth motto imagin plot. pastiche",
    "code cod program script function implement python java javascript sql html regex class. bug refactor compil api. test unit app. game. quiz loop dockerfile query macro bash css parser endpoint algorithm bot. "
    "migration vectoris component port. page. site scratch. convert regular build kernel allocator specification extension tool simulator maker maze press jump. workflow service ruby rust php kotlin scala go. julia lua perl swift typescript powershell dart zig ocaml haskell ada. fortran cuda extend microbenchmark package coding structure undo decorator wrapper",
    "data analy chart graph plot average median mean. trend statistic stats table correlat number figure compar dashboard forecast regression metric pivot spreadsheet outlier calculate count. sum. numbers "
    "test. fit. estimat model visuali cluster cohort histogram results distribution pattern posterior residual break. growth heat per. total top. p. experiment change simulat identif diagnose referee grew which. learn link. connection bootstrap interval predict dig. read. rank numbers grew driver quantif elicit prior rate rates went up. find. clean. measur vote",
    "why. if. should. argument logic reason follow pros cons. conclu premise fallac valid paradox think valu weigh consisten decid decision makes. fair. prove. proof deduc because. evidence. compar riddle "
    "true. sure. better smarter flaw wrong. likely sense. choose believe suppos claim counter objection entail compatible assume steelman formali trade next. belong. clues statement work. would argu rational correlation causation grounds says reply plausib knows which. evaluate puzzle",
    "summar summ short shorten gist tl dr tldr recap condens key main. point boil abstract brief abridg takeaway highlight distil synops minutes outline overview nutshell important extract essence digest longer less "
    "compress bullet one synthes reduce happens about. conclude long. merge version say. sentence sum. missed cover happened decided fill. trim. cut. turn. bottom notes",
    "translat say. said. mean french spanish german italian japanese language english word. into. render locali subtitle equivalent polish dutch greek latin korean phrase sign. speak kanji thai swahili arabic urdu. "
    "turkish proofread pronounc idiom put. called. call. count. hello goodbye read. decode terminolog swedish turkish hindi russian ukrainian czech finnish hungarian vietnamese welsh irish romanian hebrew persian bengali tagalog danish norwegian catalan icelandic zulu malay georgian basque estonian cantonese croatian tamil yoruba mandarin portuguese words bonjour ciao danke",
    "hi. hello hey. thank how. you. your. me. talk chat bye. favourite like. feel good. morning evening friend today. lol. nice. joke doing joking yo. sup. cheers wow. sorry love. ok. see. i. m. we. so. my. up. or. anyway howdy haha well. sleep",
    "plan schedul organis organiz itinerary agenda checklist list. timetable budget roadmap milestone timeline prepar steps. step pack routine to. todo week break. deadline task who. what. first. next. trip. rollout "
    "arrange set. raci sprint phases sequence stage staging book. logistic done. start. governance begin sketch define start. level. size. rebaseline order calendar contingency programme",
    "fix solv problem broken error stuck troubleshoot debug help. can. won doesn why. how. trouble issue cause crash repair remov rid. deal. stop. wrong. recover leak. lost. not. work. workaround resolve isolat mitigat diagnos "
    "happen what. weird bug. jammed froze signal sound. screen power. options. way. contain any. solution handl plausible reason denies press. save locked failure. hypothes",
};

constexpr std::string_view technical_terms =
    "algorithm api array async asymptotic avx bayesian benchmark binary bios bytecode cache ci clustering cohort compiler concurrency container convolution correlation covariance cpu crdt csv cuda database deadlock decorator "
    "dependency deployment docker endpoint entropy epigenetics estimand estimator ethernet fft firewall firmware framework function gaussian gpu graphql hash heap heteroskedasticity hypervisor idempotency index inference "
    "integration interface java javascript json jvm kernel kubernetes latency ledger linear lock log lsm markov matrix memory metastable middleware migration modal mutex neural numa oauth optimistic pandas parser pipeline "
    "posterior postgres prior protobuf proxy python quantile query queue raft rdma react redis refactor regex regression replica residual rest router rust schema scheduler serializer shard simd socket sql sqlite stack stochastic "
    "tcp tensor thread throughput tla token topological transaction trie utf variance vpn webhook websocket xml yaml zig axiom semantics syntax metaphysical epistemic isotopic oncology randomised caesura enjambment "
    "hexameter anaphora sestina villanelle register morphology terminology milestone procurement dependencies stakeholder raci sprint epics sla kpi erp crm iso rollout "
    "ablation accountability acrostic actualism additive additivity adoption affidavit agglomeration allocation allocator allusions ambiguity amplification anagnorisis appropriations arbitration "
    "arithmetic aspectual asymmetric attrition aufhebung automation autoregression banking barcan baseline binomial biobank bitonic bounded calibration cambrian censored censoring cgroup clinical "
    "coefficients cognitive collider commentary compaction compatibilism completeness compliance complier comprehension conciliationism concurrent conformal confounding conjecture consciousness "
    "consensus consequentialism consistency constitutional constraints constructions constructive contraposition contrasts convoy coptic corpus countable counterfactuals crossover cumulative dasein "
    "decoding decommissioning defamiliarisation deontic dependence deposition deterministic dialysis dirichlet discontinuity disjunctive distributed divergence durability durbin dyadic empiricism "
    "epidemiologist equities ergodic estoppel ethnography eukaryotes evidential exponent externalism factor failover finite formula fortran fragmentation frailty generalised genomics geotechnical "
    "ghazal glaciologist governance grokking haskell heraclitus heritability heterogeneity hierarchical hierarchy homophones honorifics hypermutation hypotaxis iconography identification ignorable "
    "imbalance impedance imputation incast incidence inclusion incremental indemnity independence indication indicatives instrumental integrated interconnector intraclass intraday intrinsics "
    "intuitionistic inverse inversion jurisprudence kleene kripke lagged latent lattice likelihood linker liquidated liturgical livelock logician longitudinal lookups lyapunov mathematics measurement "
    "mereological metonymic microcode misfolding misspecification modernisation monograph monotone multilevel multiplicity networks neurologist neutrality neutrino newcomb normalisation overdispersion "
    "overparameterised palaeoclimatology panpsychism paraconsistent parameter parametric parataxis pareto partitions petrarchan philologist pluralism poisson potentiation prefix preprint "
    "preregistration presentism priming prolepsis protein protocol proton prototype psychoanalytic quorum radius rationality readmission recapture reclaimer referee registry regulator relevance "
    "replicated replication repugnant resharding resonance respin retrieval revalidation robust sanskrit sapphic saturation seismic selective semiotics sensitivity seqlock sequential shapley sharded "
    "slavonic smearing snapshot softmax somatic sonnets sorites spatial spatio species spectral spectrometer spectrum spenserian spillover sprezzatura staggered stalnaker stampedes statin stationarity "
    "statistical statistician stratification strided structural substructure subsynchronous superconductivity survivorship syllepsis syntactic synthetic systematic targeted temporal throttling "
    "topologist transitivity turbine turbulence unbalanced universalism unmeasured unobserved variable vector vibration volatility webassembly weighting wordplay zeugma";

struct asked { std::string_view phrase; intent of; };
constexpr asked outright[] = {
    {"write a poem", intent::creative_writing}, {"write a story", intent::creative_writing}, {"write a short story", intent::creative_writing}, {"write a haiku", intent::creative_writing},
    {"write a program", intent::code_generation}, {"write a python", intent::code_generation}, {"write an sql query", intent::code_generation}, {"write a unit test", intent::code_generation},
    {"translate this", intent::translation}, {"how do you say", intent::translation}, {"summarize this", intent::summarization}, {"summarise this", intent::summarization},
    {"debug this", intent::problem_solving}, {"plan a trip", intent::task_planning}, {"make an itinerary", intent::task_planning},
};

/// Of two ASCII words: `begins` may end in ".", and then is the whole of it.
bool fits(std::string_view word, std::string_view begins) {
    if (begins.ends_with('.')) { begins.remove_suffix(1); return word == begins; }
    return word.starts_with(begins);
}
template <class F> void each_word(std::string_view of, F f) {
    while (!of.empty()) {
        auto const end = std::min(of.find(' '), of.size());
        if (end != 0) f(of.substr(0, end));
        of.remove_prefix(std::min(end + 1, of.size()));
    }
}

} // namespace

evidence::evidence(std::string_view text) : words_(penstock::words(text)) {}

bool evidence::speaks_for(intent i) const {
    bool found = false;
    each_word(cues[static_cast<std::size_t>(i)], [&](std::string_view cue) { found = found || std::ranges::any_of(words_, [&](auto const& w) { return fits(w, cue); }); });
    return found;
}
std::uint32_t evidence::technical_level() const {
    std::uint32_t found = 0;
    each_word(technical_terms, [&](std::string_view term) { found += std::ranges::any_of(words_, [&](auto const& w) { return w == term || (w.size() == term.size() + 1 && w.starts_with(term) && w.ends_with('s')); }); });
    return std::min<std::uint32_t>(10, 2 * found);
}
std::optional<intent> evidence::asks_for_another(intent i) const {
    std::string line = " ";
    for (auto const& w : words_) line += w + ' ';
    for (auto const& [phrase, of] : outright) if (of != i && line.find(' ' + std::string(phrase) + ' ') != line.npos) return of;
    return {};
}

bool has_multiple_parts(std::string_view text) {
    std::size_t sentences = 0;
    for (std::size_t n = 0; n != text.size(); ++n) sentences += (text[n] == '.' || text[n] == '?' || text[n] == '!') && n + 1 != text.size() && text[n + 1] == ' ';
    return sentences != 0 || text.find(" and then ") != text.npos || text.find("; also ") != text.npos;
}

double confidence_of(evidence const& shown, intent i, complexity c, std::optional<edge_case> kind) {
    constexpr double by_complexity[complexity_count] = {0.04, 0, -0.06}, by_kind[edge_case_count] = {-0.35, -0.30, -0.12, -0.15, -0.08, -0.10};
    double sure = 0.90 + by_complexity[static_cast<std::size_t>(c)];
    if (kind != edge_case::multiple_languages) sure += shown.speaks_for(i) ? 0.03 : -0.12;      // the words looked for are English
    if (kind) sure += by_kind[static_cast<std::size_t>(*kind)];
    if (kind == edge_case::extreme_length && shown.words().size() <= 3) sure -= 0.10;
    return std::round(std::clamp(sure, 0.30, 0.99) * 100) / 100;
}

} // namespace intents
