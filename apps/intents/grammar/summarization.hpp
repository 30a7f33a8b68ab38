#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view summarization = R"grammar(
@ child simple
!tell me in short what happens in {kid_book}
what is {kid_book} about, in one sentence?
!make {kid_text} shorter for me
!say {kid_text} in three easy sentences
what's the main thing in {kid_text}?
@ child moderate
I have to tell my class about {kid_book}. Can you make a short version with the main parts?
!make {kid_text} shorter, but keep the part about {kid_part}
we read {kid_text} today. Can you tell me the most important things in a short list?
!sum up {kid_book} so that {who} gets it too
the page says: "{kid_passage}" Can you say that shorter?
can you tell {who} in two sentences what {kid_text} says about {kid_part}?
what happens with {kid_part} in {kid_book}? Only the short version, please.
!make {kid_book} so short that it fits on {a sticker|my hand|one page|a postcard}
@ child complex
I have to make a poster about {kid_book} and about {kid_text}. Please tell me each one in three short sentences, with the names of who is in it and the part about {kid_part}.
my teacher read this: "{kid_passage} {kid_passage}" Make a very short version, then a list of hard words, and keep the order.
@ beginner simple
!summarise {doc} in a few sentences
!give me the short version of {doc}
what are the key points of {doc}?
!shorten {doc} to {size}
what is the gist of {doc}?
!boil down {doc} for me
{doc}: what's the main idea?
what happened in {event}, briefly?
!put {event} into {size}
@ beginner moderate
I don't have time to read {doc}. What are the main points in plain language?
!summarise {doc} without any jargon, in {size}
!turn {doc} into a short list that I can show {who}
can you give me a summary of {doc} that covers {aspect}?
I got lost halfway through {doc}. Please sum up what it says about {aspect}.
in simple words, what does this paragraph say: "{passage}"
what is {doc} about? I only need {size} about {aspect}.
"{passage}" What is the main point of that?
!explain the short version of {doc} to {reader}
{who} sent me {doc}. What are the most important parts for me?
@ beginner complex
I was given {doc} to read and it is far too long for me. Summarise it in {size}, list words I should look up, and put what it says about {aspect} first.
please read "{passage} {passage}" and give me one sentence for each half, then one sentence for the whole, in everyday words.
!make two summaries of {doc}: one of two sentences for {who}, and one in {size} that I can learn from
@ general simple
!{summarise|sum up|condense} {doc}
!{give me|write|prepare} a summary of {doc}
{doc}, in {size}?
TL;DR of {doc}?
!condense {doc} into {size}
!recap {event}
what are the takeaways from {doc}?
!outline {doc} briefly
!{sum up|recap|cover} {event} in {size}
!list the main points of {doc}
give me the highlights of {event}.
@ general moderate
!{summarise|shorten|compress} {doc} {to|into} {size}, {with a focus on|above all} {aspect}
!condense {doc} and {doc} into one overview
{I missed|I slept through|I had to leave} {event}. {What was decided|What happened|Fill me in}, in {size}?
!write an abstract of {doc} for {reader}
!{pull|extract|distil} the {key facts|main points|essentials} about {aspect} {out of|from} {doc}
{shorten this|sum this up|make this brief} for {reader}: "{passage}"
!summarise {doc} as {layout} that {reader} can skim
"{passage}" {Can you boil that down to one line|What is that in six words|How would a headline put it|Could you shorten this}?
what does {doc} conclude about {aspect}? A short answer will do.
!recap {event} for {who} in {size}
!{give me|write down|put together} the {essence|short version|core} of {doc}, {leaving out|without|minus} {noise}
!{reduce|cut down|boil down} {doc} to {its three central claims|one main idea|what matters for {reader}|the part on {aspect}}
what does {reader} need to know from {doc}, {at most|in about} {size}?
!put {doc} into {size} so that {reader} {gets it|can decide|doesn't fall asleep}
how would you sum up {event} to {reader}?
{doc}: what are the {two|three|four} main {points|arguments|findings} on {aspect}?
!make {layout} of {doc}, {shortest first|with page numbers|one line each}
!shorten {doc} and {doc} to {size} each
{who} asked what {doc} says about {aspect}. Give me the short answer.
!recap what {doc} and {event} have in common regarding {aspect}
@ general complex
!summarise {doc} in {size} for {reader} // Leave out {noise}, keep every figure about {aspect}, and mark what the authors only suppose.
I need {doc}, {doc} and the notes from {event} brought down to a single page: one paragraph each, then what they agree on concerning {aspect}, as {layout}.
the following needs to fit on a card: "{passage} {passage}" Summarise it twice, once neutrally and once for {reader}, and leave out {noise}.
!read {doc}, summarise each section in one sentence, and close with an overall summary in {size} that mentions {aspect}
"{passage} {passage} {passage}" Give me {the gist|the main point|a summary} in {size}, then say what it leaves open about {aspect}.
I have to report on {doc} to {reader} and on {event} to {reader}. Please write both summaries, {size} each, one as {layout}, and mention {aspect} only once.
!boil {doc} down twice: first to {size} for {reader}, then to {layout} for {who} // Skip {noise}, but keep what concerns {aspect} and {aspect}.
compare how {doc} and {doc} treat {aspect}: {size} on each, then the difference in one line, without {noise}. No opinions, just the summary.
@ intermediate simple
!write an executive summary of {work_doc}
!extract the action items from {event}
!distil {work_doc} into {layout}
!summarise the findings of {work_doc}
key takeaways from {work_doc}, please?
@ intermediate moderate
!summarise {work_doc} in {size}, separating findings from recommendations on {aspect}
!write an executive summary of {work_doc} for {reader}, with {aspect} up front
!condense the thread about {aspect} into decisions, owners and open questions
!compare and summarise {work_doc} and {work_doc} in {layout}
!produce release notes from {work_doc}, without {noise}
what changed between {work_doc} and its last version? Summarise only {aspect}.
!turn the transcript of {event} into minutes of {size}
!brief {reader} on {work_doc}: {size}, {aspect} first
which of the findings in {work_doc} concern {aspect}? Summarise them as {layout}.
!condense {event} and {work_doc} into {layout} for {reader}
@ intermediate complex
!summarise {work_doc} as {layout} // Give context in one line, the three main findings with their numbers, the limits concerning {aspect}, and what is left for {reader} to decide.
!merge {work_doc} and the minutes of {event} into one briefing of {size}: first the agreed points, then the disputes about {aspect}, then next steps, leaving out {noise}
@ expert simple
!abstract {paper}
!summarise the methods section of {paper}
!condense {paper} to its identifying assumptions
!synthesise the findings of {paper} on {sci_aspect}
!outline {paper} in terms of {sci_aspect}
what does {paper} conclude on {sci_aspect}, in brief?
!write a precis of {paper}
@ expert moderate
!write a structured abstract of {paper} that reports {sci_aspect}
!summarise {paper} and {paper}, contrasting {sci_aspect}
!distil {paper} for {reader}, preserving hedges and {sci_aspect}
!write a critical synopsis of {paper}, separating the claim from {sci_aspect}
!extract {sci_aspect} from {paper} into a table a reviewer can check
which results in {paper} bear on {sci_aspect}? Summarise them in {size}.
!report {sci_aspect} and {sci_aspect} of {paper} in {size}
!reconcile the conclusions of {paper} and {paper} on {sci_aspect} in one paragraph
@ expert complex
!synthesise {paper}, {paper} and {paper} into a narrative review of {size} // Tabulate {sci_aspect}, grade the certainty of evidence, and flag where the abstracts overstate the results.
!summarise {paper} under the headings aim, design, {sci_aspect}, threats to validity and implications // Quote no sentence verbatim, and give {sci_aspect} with its interval wherever one is reported.
@ vague
!make {it} shorter
!summarise {it|this|that stuff|the attachment}
what's the {point|short version|bottom line} {of it|here|again}?
can you {cut|trim|shrink} {it} {down|a bit|to the basics}?
just the {main bits|important part|highlights}, please.
!sum up what {they|he|she|everybody} said
too long, didn't read {it|this one|any of that}.
@ short
tl;dr | tldr? | short version? | sum it up | recap? | the gist? | in brief? | shorten this | main points? | key takeaways | nutshell? | abridge it | bottom line? | a summary | in one line? | condense | highlights? | minutes? | an abstract | bullet points? | make it brief | too long | synopsis?

= kid_book
the story of the three little pigs | Pinocchio | the book about the snail on the whale | Alice in Wonderland | the Jungle Book | the Ugly Duckling | our school play | the film with the lost fish | Peter Pan | the tale of the stone soup | the comic about the moon mice | Heidi | the fable of the ant and the grasshopper | Treasure Island | the Pied Piper
= kid_text
the page about volcanoes | my text on honeybees | the chapter about knights | the letter from the zoo | my book report | the rules of the board game | the page about planets | our school newsletter | the text about the rainforest | the story I wrote | the museum sheet on mummies | the weather chapter
= kid_part
the dragon | the storm | the queen | what they eat | the ending | the secret door | how they got home | the wolf | the babies | the long winter
= kid_passage
Bees live in a hive and each bee has a job, and they dance to show where the flowers are. | The knight lost his horse in the fog and had to walk home, and on the way he met a frog who knew the road. | Volcanoes are mountains with hot melted rock inside, and sometimes the rock comes out as lava. | In the autumn the squirrel hid so many nuts that he forgot half of them, and trees grew there. | Long ago people wrote on clay, because they had no paper, and the clay was baked hard. | The little boat went over the big wave, and everyone got wet but nobody was sad. | Penguins take turns to stand in the middle where it is warm.
= doc
this article about sleep | the chapter on the industrial revolution | the terms of my phone contract | yesterday's lecture | an email from my landlord | the instructions for the boiler | this blog post on fasting | the first part of Moby Dick | a podcast about coral reefs | the council's letter on parking | the news story about the bridge | my grandfather's memoir | this documentary on cheese | the review of the new museum | a long forum thread about bicycles | the preface of this cookbook | the speech of the president | my lease | the insurance leaflet | this interview with a chess champion | the biography of Marie Curie | a report on bats | the novel we read in class | the town's flood plan | the history of jazz | these travel notes from Peru | the obituary of a painter | my essay on rivers | the manual of the dishwasher | this open letter on farming | the play we saw | the FAQ of the library | the plot of season two | a feature on night trains | the rules of our allotment | a speech on fishing rights | this chapter on volcanoes | the leaflet about vaccines | my tax assessment | an essay about loneliness | the minutes from March | a thread on sourdough | this travel blog about Georgia | the user agreement of a game | the warranty of my oven | a lecture on Bach | the diary of a polar explorer | this column about noise | the plan for the new school | a documentary on eels | the letter from my bank | a review of three novels | the report on the ferry accident | this interview with a midwife | a sermon on patience | the brochure of the retirement home
= work_doc
the quarterly report | our incident post-mortem | the market study on e-bikes | a tender for road repair | the onboarding handbook | the audit findings | the pull request discussion | this white paper on passwordless login | the customer interviews | the board paper on pensions | a feasibility study for the tram | the usability test notes | the vendor contracts | our sustainability report | the risk register | the changelog since spring | the policy draft on remote work | this patent application | the employee survey | the research brief on packaging | a due diligence file | the architecture decision record | the supplier scorecards | a migration plan | the support backlog | last sprint's retrospective | the pricing proposal | a competitor analysis | the accessibility audit | our data retention policy | the merger memo | a draft standard
= event
the Monday meeting | the parents' evening | yesterday's council session | our call with the supplier | the tenants' assembly | the budget debate | the second episode | the product launch | the final match | the hearing on water rights | the weekend workshop | our planning retreat | the townhall | the panel on housing | the training day | the strike negotiations | the webinar on heat pumps | the flood warning | the first day of the trial | last night's debate | the shareholders' meeting | the press conference on the merger | the neighbourhood quarrel | the chess final | the strike vote | the second half | the apology on the radio | the safety briefing | our book club evening | the ceremony
= size
two sentences | five bullet points | one paragraph | fifty words | a hundred words | half a page | a single tweet | three lines | under two minutes of reading | two hundred words | ten short lines | one sentence per chapter
= aspect
the costs | who is responsible | the deadlines | what went wrong | public health | the legal duties | the main character | what changes for tenants | the method | safety | the timeline | next year's plans | the criticism | energy use | the disagreement | staffing | data protection | the historical background | the price rises | what to do next | the side effects | accessibility | the noise | who pays | the weather | women's role in it | insurance | the vote | the missing evidence | transport | the children | the repairs | hygiene | opening hours | the apology
= layout
a table | a numbered list | bullet points | a one-page memo | slide headings | an FAQ | a timeline | a short email | a checklist | five headlines | a decision log
= reader
a busy manager | someone who skipped the class | my grandmother | new employees | the press | a ten-year-old | people who hate numbers | our investors | the night shift | a lawyer | voters | exchange students | the works council | patients | a hiring panel
= noise
the anecdotes | the greetings | all footnotes | the marketing talk | repetitions | the legal boilerplate | names of persons | the technical annex | side remarks | the quotations | the jokes
= passage
The town will close the old bridge in May, because two of its pillars are cracked, and a ferry will run until the new one opens. | Researchers followed four hundred gardeners for six years and found that those who grew vegetables slept longer, although they also walked more. | The meeting began late, the heating had failed, and after an hour nobody could agree on the colour of the doors. | Sales rose in the north and fell in the south, which the firm explains by the weather and its rivals by the price. | Our train stood for two hours outside the station while a swan was persuaded to leave the tracks. | The novel follows three sisters who inherit a lighthouse and find that each of them was promised it alone. | Nobody liked the new canteen at first, yet after the soup changed the queues grew long again. | The law obliges owners to insulate roofs within ten years, but exempts houses that are older than a century. | When the lake froze in 1963, people drove across it, held markets on it and printed a newspaper there. | Critics praised the singing, forgave the acting and could not understand why the second act took place in a bank. | The patch closes a hole in the login page, speeds up the search and breaks, as we learned later, the export. | Half of the parcels were delivered to neighbours, a tenth came back, and one was found in a tree. | The committee wants cheaper tickets, the operator wants more staff, and the minister wants to wait for the elections. | Wolves returned to the valley eight winters ago, and since then the farmers, the hunters and the hotels have not stopped arguing. | My aunt opened her bakery during the war, lost it to a fire, and opened it again across the street a month later.
= paper
a meta-analysis of statin trials | the preprint on lattice gauge theory | a field experiment on tax compliance | the systematic review of school meals | this ethnography of dock workers | a randomised trial of cognitive therapy | the benchmark paper on retrieval models | a longitudinal twin study | the proof of the sensitivity conjecture | this corpus study of vowel shifts | a phase II oncology trial | the survey of graph neural networks | a cohort study on shift work | the monograph on Roman grain prices | an isotopic analysis of glacier ice | the replication report on priming | a cost-effectiveness study of dialysis | the seismic hazard assessment
= sci_aspect
effect sizes | the inclusion criteria | adverse events | the sampling frame | statistical power | ablation results | the identification strategy | heterogeneity | blinding | the dose response | missing data | the preregistration | external validity | the control condition | inter-rater agreement | the stopping rule | model calibration
)grammar";

} // namespace intents::grammar_text
