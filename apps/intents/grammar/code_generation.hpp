#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view code_generation = R"grammar(
@ child simple
!make a game with {sprite} in {kid_lang}
!write a program that {kid_does}
!code a {kid_app} for me
how do I code a {kid_app}?
!make {sprite} jump when I press the space bar
!write code so that {sprite} {kid_move}
@ child moderate
!make a {kid_app} in {kid_lang} where {sprite} {kid_move} and you get points
!write a small program that asks for my name and then {kid_does}
I'm learning {kid_lang}. Can you write a script where {sprite} {kid_move}?
!code a quiz about {kid_topic} with three questions and a score
!write a program that {kid_does} when I type my age
@ child complex
!make a {kid_app} in {kid_lang} where {sprite} {kid_move}, {sprite} {kid_move} and the game ends after one minute // Please write next to each line what it does.
I want to build a {kid_app} about {kid_topic}. First it should ask a name, then it {kid_does}, and at the end it shows the points. Can you write the code with easy words?
@ beginner simple
!write a {lang} program that {task}
!{write|give me|code} a {lang} function to {fn}
how do I {fn} in {lang}?
!show me a {lang} loop that {task}
!write the code for a simple {app}
!give me a {lang} example that {task}
@ beginner moderate
I started {lang} last week. Could you write a function to {fn} and comment every line?
!write a {lang} script that {task} and prints a friendly message when something goes wrong
!write a simple {app} in {lang} that runs in the terminal
!show me how to {fn} in {lang} without any libraries
!write a {lang} program that reads {input} and {task}
my course wants a {app} in {lang}. Please write one I can understand.
how would a beginner {fn} in {lang}? Show me the code, please.
!write a tiny {lang} program for my {app}: it {task}
!fix nothing, just write it fresh: a {lang} function to {fn}, {with|without} a loop
!show me two ways to {fn} in {lang}
@ beginner complex
!write a {app} in {lang} with a menu, a way to save to {input}, and comments on each function // I don't know classes yet, so use plain functions only.
I have to hand in a {lang} exercise: read {input}, {fn}, and show the result as a table. Please code it step by step and tell me how to run it.
!write a {lang} function to {fn}, a second one to {fn}, and a short main program that calls both with sample values
@ general simple
!{write|give me|put together|create} a {lang} script to {fn}
!{write|code|make} a {lang} script that {task}
!create a regular expression that matches {pattern}
!write an SQL query that lists {query}
!build a web page with {widget}
!code a {app} in {lang}
!generate a bash one-liner to {shell}
!write a spreadsheet macro that {task}
@ general moderate
!{write|build|code} a {lang} script that {task} and runs {every night|once an hour|each Monday|when I log in|at start-up}
!write a program in {lang} that takes {input} and can {fn}
!{create|code|build} {an HTML page|a web page|a landing page} with {widget} and {widget}, {styled with plain CSS|without any framework|that fits on one screen}
!write an SQL query {that lists|for} {query}, {newest first|sorted by name|ten at a time|with their totals|grouped by month}
!{make|code|build} a {browser extension|menu bar app|phone widget|desktop tool} that {task}
!write a {lang} command line tool to {shell} with a dry-run option
!convert this {lang} snippet to {lang} and keep the function names
!{write|program|build} a {chat bot|bot|small service} in {lang} that {task} for our {group}
!{code|build|make} a {app} with {widget} that {works on a phone|loads fast|needs no login|prints nicely|a child can use}
!write a shell script to {shell} and send me a mail if it fails
!{extend|change} my {lang} {app} so that it {task}
!write {lang} code to {fn} and then {fn}, as {one function|a small class|a module}
!{generate|write} {test data|sample code|a stub} in {lang} for a {app} with {widget}
!write a {lang} function that takes {input}, can {fn}, and returns {nothing else|a list|an error code|a dictionary}
!port this {app} from {lang} to {lang}
!write a {makefile|build script|setup script|readme snippet} for a {lang} {app}
!write a query for {store} that finds {query}
!script it: {shell}, then {shell}, in {bash|PowerShell|Python}
@ general complex
!build a small {app} with {lang} on the server and {widget} in the browser // It should store its data in {store}, work offline for an hour, and come with a script to {shell}.
!write a {lang} tool that reads {input}, can {fn}, and writes the outcome to {store} // Add flags for verbose output and a test for each function.
our {group} wants a {app}: members log in, see {widget}, and get a message when something changes. Please write the {lang} code, the table definitions for {store}, and short setup notes.
!write a {lang} {library|package|module} for our {group} that can {fn} and {fn} // Read {input}, keep results in {store}, and add {two|three|four} examples I can run at once.
I want to replace a spreadsheet by a {app}. Please code it in {lang} with {widget} and {widget}, {import|migrate|read} the old rows from {input}, and list {query} on the start page.
!{build|code} a {app} in two parts: a {lang} backend that {task}, and a page with {widget} // Use {store}, no login, and a script to {shell}.
!write code in {lang} that watches {input}, and each time {task}; log to {store}, retry twice, and include a test that can {fn}
@ intermediate simple
!implement {structure} in {lang}
!write a unit test for {component}
!write a Dockerfile for {component}
!refactor {component} into smaller functions
!write a {lang} decorator or wrapper for {concern}
!write a type-safe {component} in {lang}
@ intermediate moderate
!implement {component} in {lang} with {concern} and unit tests
!write a REST endpoint in {lang} that returns {query} as JSON with {concern}
!write a migration for {store} that adds {column} without downtime
!write a {lang} class for {component} that supports {concern}
!add {concern} to {component} and show the diff
!write a parser in {lang} for {format}
!write a GitHub Actions workflow that builds {component} and checks {concern}
!{scaffold|sketch|write} a {lang} service around {component} that uses {store} and {concern}
!write a {lang} test suite for {structure} that covers {concern}
!replace {concern} in {component} by {concern}, in {lang}
!write a {lang} client for {component} with {concern}
@ intermediate complex
!implement {component} in {lang}, backed by {store} // It needs {concern}, {concern}, and integration tests that run in a container. Keep the public interface to three functions.
!write a service in {lang} that consumes {format}, validates each record, stores {query} in {store}, and exposes {concern} // Explain the folder layout in a comment at the top.
!rewrite {component} from callbacks to async code in {lang}, keep {concern}, and write a benchmark that compares both
@ expert simple
!implement {hard} in {sys_lang}
!write a {sys_lang} microbenchmark for {hard}
!write a property-based test for {hard}
!vectorise {kernel} with {simd}
@ expert moderate
!implement {hard} in {sys_lang} with {guarantee}
!write a {simd} version of {kernel} and a scalar reference to test it against
!write a {sys_lang} allocator suited to {hard}, with {guarantee}
!implement {kernel} in {sys_lang}, templated on the element type, with {guarantee}
!port {hard} from {sys_lang} to {sys_lang} and preserve {guarantee}
!write a TLA+ specification of {hard} that states {guarantee}
@ expert complex
!implement {hard} in {sys_lang} with {guarantee} and {guarantee} // Justify every memory ordering in a comment, supply a linearizability test, and benchmark it against a mutex-protected baseline at 1, 8 and 64 threads.
!write {kernel} for {simd} with software prefetching, handle ragged tails by masking, and derive the roofline bound // Include a differential fuzzer against the scalar version.
!design and implement {hard} on top of {kernel}: header-only {sys_lang}, {guarantee}, no exceptions on the hot path, and a compile-time switch for {simd}
@ vague
!code {it} for me
!write the {script|function|program|query} {again|we need|like last time|for the thing}
can you do {it} in {lang}?
!make the {button|page|app|form} work
!add {that feature|the thing|it} to my {code|project|app}
I need some code {here|fast|for later|that just works|for school}.
!program something {small|useful|with buttons|for my phone}
!fix up the {code|script} so it does {more|it|what I said}
@ short
code? | python pls | a loop | regex? | write a script | SQL query | hello world | sort it | in java | a function | unit test | css? | one-liner? | for loop | compile this | bash script | new class | pseudocode | an API | html form | refactor | debug build | lambda?

= sprite
a cat | my dragon | the rocket | a bouncing ball | a zombie | a pixel dog | two aliens | the snake | a ninja frog | a pink ghost | the race car | a jellyfish | a wizard | a falling star
= kid_lang
Scratch | Python | MakeCode | blocks | Minecraft commands | turtle graphics | Roblox | p5.js
= kid_does
counts to one hundred | says a joke | draws a rainbow | guesses my number | plays a drum sound | picks a random pet name | writes my name backwards | rolls two dice | makes a secret code | tells me how many days until my birthday | shows a smiley | spells words for me
= kid_move
dances | chases the mouse | eats apples | jumps over rocks | turns green | flies through hoops | throws snowballs | hides behind trees | gets bigger | runs away from bees | collects coins | spins around
= kid_app
maze game | pet simulator | times-table quiz | drawing app | rock paper scissors game | clicker game | secret message maker | dice game | music box | space shooter | memory game | joke machine
= kid_topic
dinosaurs | planets | football | horses | flags | the ocean | spelling words | superheroes | insects | minus sums
= lang
Python | JavaScript | Java | C# | Ruby | Go | PHP | Kotlin | Swift | TypeScript | R | Perl | Lua | Rust | Scala | PowerShell | Dart | Julia
= lang.beginner
Python | JavaScript | Java | C | C# | Ruby | PHP | Visual Basic | R | Kotlin
= task
prints the first ten square numbers | converts Celsius to Fahrenheit | renames all my photos by date | removes duplicate lines from a file | counts the vowels in a sentence | checks if a word is a palindrome | downloads the weather forecast | adds up my receipts | shuffles a playlist | reminds me to drink water | merges two address lists | sends a birthday mail | splits a bill between friends | tells whether a year is a leap year | resizes pictures in a folder | blocks adverts on one page | highlights late invoices | posts the lunch menu | picks a random winner | turns subtitles into plain text | tracks the price of a flight | finds the largest number in a list | translates Roman numerals | archives old mails | colours every second row | logs how long I work
= fn
sort names by surname | reverse a string | validate an email address | find the longest word | calculate a loan payment | read a config file | remove empty rows | generate a strong password | compare two lists | parse a date | count words in a text | flatten a nested list | round prices to five cents | check for prime numbers | group orders by customer | convert minutes to hours | compute an average | detect the language of a text | extract phone numbers | convert a number to binary | match brackets | draw a bar chart | rotate a matrix | mask credit card numbers | zip two folders | capitalise headings
= input
a CSV file | a text file | the keyboard | a JSON response | a folder of PDFs | a spreadsheet | a web form | a log file | standard input | an XML feed | a list of grades | a barcode scanner
= app
to-do list | calculator | guestbook | tip calculator | address book | hangman game | chat room | recipe finder | expense tracker | stopwatch | weather widget | booking calendar | flashcard trainer | URL shortener | voting page | inventory list | Pomodoro timer | currency converter | blog engine | seating planner
= pattern
UK postcodes | dates like 31/12/1999 | hex colours | IPv4 addresses | words with double letters | licence plates | times in 24-hour format | hashtags | prices in euros | file names without spaces | ISBN numbers | repeated words
= query
customers without orders | the ten best-selling products | employees hired this year | overdue invoices | duplicate email addresses | average order value by month | users who never logged in | rooms free next weekend | suppliers by country | songs longer than six minutes | unpaid fines | students in two courses | parcels stuck in transit | sensors silent since midnight | tickets reopened twice
= widget
a countdown timer | a photo gallery | a dark mode switch | a contact form | a sortable table | a progress bar | a map with pins | a star rating | a collapsible menu | a live search box | a drag-and-drop list | a colour picker | a carousel | an audio player | a signature field
= shell
find files larger than 100 MB | back up my home folder | rename jpegs in bulk | delete temporary files | count lines of code | watch a log for errors | convert wav to mp3 | check disk space | restart a frozen service | list open ports | sync two folders | strip metadata from photos
= group
chess club | sales team | allotment society | help desk | school choir | running club | car pool | editorial team | robotics club | food bank | climbing gym | tenants' association
= store
SQLite | Postgres | Redis | a flat JSON file | MongoDB | MySQL | DynamoDB | an S3 bucket | DuckDB | Cassandra
= structure
an LRU cache | a binary search tree | a priority queue | a trie | a ring buffer | a union-find | Dijkstra's algorithm | a bloom filter | an event emitter | a state machine | a rate limiter | topological sorting | a linked list with iterators | binary search | a thread pool | merge sort | a sparse matrix | an undo stack
= component
a payment webhook | the login flow | an image upload service | a job queue | a feature flag client | a retrying HTTP client | a CSV importer | the session store | a markdown renderer | a notification service | a pagination helper | a GraphQL resolver | an audit log | a shopping cart | a search index | a file watcher | a plugin loader | an OAuth callback | a websocket gateway
= concern
exponential backoff | input validation | structured logging | rate limiting | optimistic locking | idempotency keys | dependency injection | graceful shutdown | cursor pagination | role-based access | request tracing | memoisation | connection pooling | schema validation | cache invalidation | health checks | cancellation
= column
a tenant id | a soft-delete flag | a JSON settings column | an index on created_at | a foreign key to invoices | a generated search column | a time zone field
= format
INI files | Markdown tables | GPX tracks | cron expressions | iCalendar feeds | MIDI headers | YAML front matter | syslog lines | Kafka messages | protobuf events | EDI invoices | semantic version ranges
= hard
a lock-free queue | a work-stealing scheduler | a Raft log | a persistent B-tree | a wait-free snapshot | a concurrent skip list | an epoch-based reclaimer | a JIT for a stack machine | a CRDT text buffer | a copy-on-write radix tree | an io_uring event loop | an LSM compaction | a register allocator | a borrow-checked arena | a bounded SPSC channel | a seqlock | an incremental garbage collector | a Paxos acceptor
= sys_lang
C++23 | Rust | C17 | Zig | Go with assembly stubs | OCaml | Haskell | CUDA | Ada | Fortran 2018
= kernel
a blocked GEMM | UTF-8 validation | a radix partition | a prefix sum | base64 decoding | a strided convolution | an FFT butterfly | softmax with online normalisation | a bitonic sort | CRC32 folding | a sparse matrix-vector product | a hash join probe
= simd
AVX-512 intrinsics | NEON | SVE2 | WebAssembly SIMD | AVX2 | std::simd | RISC-V vectors
= guarantee
lock freedom | constant-time lookups | strong exception safety | crash consistency | bounded memory | deterministic latency | zero allocation after start-up | sequential consistency | progress under contention | cache-oblivious access | ABA safety | monotone reads
)grammar";

} // namespace intents::grammar_text
