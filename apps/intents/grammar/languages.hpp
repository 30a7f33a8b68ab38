/// Requests in ten languages, each beside the intent that its reader would give it. The nouns stand in lists of their language in the case that their sentences need.
#pragma once
#include <string_view>

namespace intents::grammar_text {

inline constexpr std::string_view languages = R"grammar(
@ es question_answering
¿por qué {es.porque}?
¿qué es exactamente {es.tema} y para qué sirve?
@ es creative_writing
escribe un {cuento|poema|relato breve} sobre {es.cosa}
invéntate una historia en la que aparezca {es.cosa}
@ es code_generation
escribe un programa en {Python|Java|JavaScript|Ruby} que {es.programa}
@ es data_analysis
analiza {es.datos} y dime qué tendencia ves
haz un gráfico con {es.datos}
@ es reasoning
¿es lógico pensar que {es.tesis}? Razona tu respuesta.
@ es summarization
resume {es.texto} en {tres frases|un párrafo|cinco puntos}
@ es translation
¿cómo se dice "{es.frase}" en {inglés|alemán|japonés|italiano}?
@ es conversation
hola, ¿qué tal? {es.charla}
@ es task_planning
organízame {es.plan} paso a paso
@ es problem_solving
{es.fallo} ¿Cómo lo arreglo?
@ fr question_answering
pourquoi {fr.pourquoi} ?
c'est quoi exactement, {fr.theme} ?
@ fr creative_writing
écris {un poème|une chanson|une petite histoire} sur {fr.chose}
@ fr code_generation
écris un script {Python|PHP|Bash|JavaScript} qui {fr.programme}
@ fr data_analysis
analyse {fr.donnees} et montre-moi les tendances
@ fr reasoning
peut-on conclure que {fr.these} ? Explique ton raisonnement.
@ fr summarization
résume {fr.texte} en {deux phrases|quelques lignes|cinq points}
@ fr translation
comment dit-on « {fr.phrase} » en {anglais|espagnol|allemand|portugais} ?
@ fr conversation
salut, ça va ? {fr.bavardage}
@ fr task_planning
aide-moi à organiser {fr.projet}, étape par étape
@ fr problem_solving
{fr.panne} Que faire ?
@ de question_answering
warum {de.warum}?
was bedeutet eigentlich {de.thema}?
@ de creative_writing
schreib {ein Gedicht|eine Kurzgeschichte|ein Märchen} über {de.ding}
@ de code_generation
schreib mir ein {Python|Java|Perl|Go}-Programm, das {de.programm}
@ de data_analysis
werte {de.daten} aus und zeig mir die Ausreißer
@ de reasoning
folgt daraus wirklich, dass {de.these}? Begründe es bitte.
@ de summarization
fass {de.text} in {drei Sätzen|Stichpunkten|einem Absatz} zusammen
@ de translation
wie sagt man „{de.satz}“ auf {Englisch|Spanisch|Polnisch|Französisch}?
@ de conversation
hallo, wie geht's? {de.plausch}
@ de task_planning
plane {de.vorhaben} für mich, Schritt für Schritt
@ de problem_solving
{de.panne} Was kann ich tun?
@ it question_answering
perché {it.perche}?
che cos'è di preciso {it.tema}?
@ it creative_writing
scrivi {una poesia|una favola|un racconto} su {it.cosa}
@ it code_generation
scrivi un programma in {Python|Java|C++|Kotlin} che {it.programma}
@ it data_analysis
analizza {it.dati} e dimmi che cosa noti
@ it reasoning
ha senso sostenere che {it.tesi}? Spiegami il ragionamento.
@ it summarization
riassumi {it.testo} in {poche righe|tre frasi|cinque punti}
@ it translation
come si dice "{it.frase}" in {inglese|francese|tedesco|greco}?
@ it conversation
ciao, come stai? {it.chiacchiera}
@ it task_planning
aiutami a organizzare {it.piano}, un passo alla volta
@ it problem_solving
{it.guasto} Come si risolve?
@ pt question_answering
por que {pt.porque}?
o que é exatamente {pt.tema}?
@ pt creative_writing
escreve {um poema|um conto|uma canção} sobre {pt.coisa}
@ pt code_generation
escreve um programa em {Python|Java|C|Lua} que {pt.programa}
@ pt data_analysis
analisa {pt.dados} e faz um gráfico
@ pt reasoning
é correto concluir que {pt.tese}? Explica o raciocínio.
@ pt summarization
resume {pt.texto} em {duas frases|um parágrafo|poucas palavras}
@ pt translation
como se diz "{pt.frase}" em {inglês|francês|alemão|sueco}?
@ pt conversation
olá, tudo bem? {pt.conversa}
@ pt task_planning
ajuda-me a planear {pt.plano} com uma lista de tarefas
@ pt problem_solving
{pt.avaria} O que faço?
@ nl question_answering
waarom {nl.waarom}?
wat betekent {nl.thema} precies?
@ nl creative_writing
schrijf {een gedicht|een sprookje|een kort verhaal} over {nl.ding}
@ nl code_generation
schrijf een programma in {Python|Java|Go|Rust} dat {nl.programma}
@ nl data_analysis
analyseer {nl.gegevens} en maak een grafiek
@ nl reasoning
klopt de redenering dat {nl.stelling}? Leg uit waarom.
@ nl summarization
vat {nl.tekst} samen in {drie zinnen|een alinea|vijf punten}
@ nl translation
hoe zeg je "{nl.zin}" in het {Engels|Duits|Frans|Spaans}?
@ nl conversation
hoi, hoe gaat het? {nl.praatje}
@ nl task_planning
help me stap voor stap met het plannen van {nl.plan}
@ nl problem_solving
{nl.storing} Wat kan ik doen?
@ sv question_answering
varför {sv.varfor}?
@ sv creative_writing
skriv {en dikt|en saga|en kort berättelse} om {sv.sak}
@ sv summarization
sammanfatta {sv.text} i {tre meningar|några punkter|ett stycke}
@ sv translation
hur säger man "{sv.fras}" på {engelska|tyska|finska|spanska}?
@ sv conversation
hej, hur mår du? {sv.prat}
@ sv problem_solving
{sv.fel} Vad ska jag göra?
@ ja question_answering
{ja.topic}とは何ですか。簡単に教えてください。
@ ja creative_writing
{ja.thing}についての{短い物語|詩|童話}を書いてください。
@ ja summarization
{ja.text}を{三行|一段落|五つの要点}で要約してください。
@ ja translation
「{ja.phrase}」は{英語|フランス語|韓国語}で何と言いますか。
@ ja conversation
こんにちは、お元気ですか。{ja.chat}
@ ja task_planning
{ja.plan}の計画を立ててください。
@ zh question_answering
{zh.topic}到底是什么？
@ zh creative_writing
请写一{首诗|个故事|篇童话}，主题是{zh.thing}。
@ zh code_generation
请用{Python|Java|JavaScript}写一个程序，{zh.program}。
@ zh summarization
请把{zh.text}总结成{三句话|一段话|五个要点}。
@ zh translation
“{zh.phrase}”用{英语|法语|日语}怎么说？
@ zh problem_solving
{zh.fault}，怎么办？
@ ru question_answering
почему {ru.why}?
@ ru creative_writing
напиши {стихотворение|сказку|короткий рассказ} про {ru.thing}
@ ru code_generation
напиши программу на {Python|Java|Go}, которая {ru.program}
@ ru summarization
перескажи {ru.text} в {двух словах|трёх предложениях|одном абзаце}
@ ru translation
как сказать «{ru.phrase}» по-{английски|немецки|французски}?
@ ru conversation
привет, как дела? {ru.chat}
@ ru problem_solving
{ru.fault} Что делать?

= es.porque
el mar es salado | los gatos ronronean | se oxida el hierro | bostezamos cuando otros bostezan | hay años bisiestos | la luna cambia de forma | los pájaros migran en otoño | lloramos al cortar cebolla
= es.tema
la inflación | el cambio climático | una hipoteca | la fotosíntesis | el colesterol | la cadena de bloques | un eclipse | el aprendizaje automático
= es.cosa
un faro abandonado | mi abuela y su loro | una ciudad sin relojes | el último tren de la noche | un panadero enamorado | una carta perdida | el verano en el pueblo
= es.programa
ordene una lista de nombres | calcule la media de varias notas | cuente las palabras de un texto | convierta euros en pesos | busque archivos duplicados | envíe un correo cada lunes
= es.datos
las ventas del último trimestre | mis gastos de la compra | las respuestas de la encuesta | los retrasos del autobús | el consumo de luz de este año | las notas de la clase
= es.tesis
si llueve, el suelo está mojado | lo natural siempre es sano | todos los cisnes son blancos | votar debería ser obligatorio | trabajar menos días aumenta la productividad
= es.texto
este artículo sobre el sueño | el acta de la reunión | el primer capítulo del Quijote | la carta del casero | las condiciones del contrato | el discurso de la alcaldesa
= es.frase
me he perdido | ¿cuánto cuesta? | soy alérgico a las nueces | hasta mañana | la cuenta, por favor | que te mejores pronto
= es.charla
Hoy ha sido un día larguísimo. | ¿Te gusta el fútbol? | Me aburro en el trabajo. | Acabo de mudarme a Sevilla. | ¿Tú nunca duermes? | Hace un calor insoportable.
= es.plan
una boda en el jardín | un viaje de cinco días a Lisboa | la mudanza de mi hermana | una semana de menús sin carne | el horario para estudiar mis exámenes
= es.fallo
Mi lavadora pierde agua. | El portátil se apaga solo. | La puerta no cierra bien. | He olvidado la contraseña del correo. | Mi bici hace un ruido raro. | El wifi se corta cada noche.
= fr.pourquoi
le ciel est-il bleu | les feuilles tombent-elles en automne | le pain rassis devient-il dur | avons-nous des empreintes digitales | les chats retombent-ils sur leurs pattes | la mer monte-t-elle deux fois par jour
= fr.theme
l'effet de serre | un algorithme | la dette publique | le système immunitaire | une aurore boréale | le produit intérieur brut
= fr.chose
la pluie à Paris | un vieux phare | mon voisin le pianiste | une gare oubliée | le chat du boulanger | la première neige
= fr.programme
trie une liste de mots | renomme mes photos par date | calcule une moyenne | compte les lignes d'un fichier | envoie un rappel chaque matin | convertit des degrés
= fr.donnees
les ventes du mois de mai | mes dépenses de chauffage | les résultats du sondage | la fréquentation du musée | les notes de ma classe
= fr.these
tout ce qui est rare est cher | la ville devrait interdire les voitures | les zoos sont nécessaires | l'on peut mentir par gentillesse | le progrès rend heureux
= fr.texte
cet article sur les abeilles | le compte rendu de la réunion | le chapitre sur la Révolution | la lettre de mon propriétaire | ce long courriel | le règlement de la piscine
= fr.phrase
je suis en retard | où est la gare | bon rétablissement | l'addition, s'il vous plaît | tu me manques | à la semaine prochaine
= fr.bavardage
J'ai passé une journée affreuse. | Tu préfères le thé ou le café ? | Je m'ennuie un peu ce soir. | Il pleut encore chez moi. | Est-ce que tu rêves, toi ? | Je viens d'adopter un chien.
= fr.projet
un déménagement en deux semaines | l'anniversaire de ma mère | un voyage à vélo en Bretagne | mes révisions du bac | une fête de quartier
= fr.panne
Mon imprimante ne répond plus. | La chasse d'eau coule sans arrêt. | Mon téléphone ne se charge plus. | J'ai perdu mes clés. | Le chauffage fait du bruit. | Mon tableur affiche une erreur.
= de.warum
ist der Himmel blau | schnurren Katzen | rostet Eisen | gibt es Schaltjahre | fallen im Herbst die Blätter | gähnen wir, wenn andere gähnen | schwimmt Eis auf Wasser
= de.thema
Inflation | der Treibhauseffekt | ein Algorithmus | die Grundsteuer | eine Bürgschaft | Photosynthese | maschinelles Lernen
= de.ding
einen alten Leuchtturm | den letzten Nachtzug | einen Bäcker, der nicht schlafen kann | meine Oma und ihren Papagei | eine Stadt ohne Uhren | den ersten Schnee
= de.programm
eine Liste sortiert | doppelte Dateien findet | Noten in Durchschnitte umrechnet | meine Fotos nach Datum ordnet | jeden Montag eine Mail schickt | Wörter in einem Text zählt
= de.daten
die Umsätze vom letzten Quartal | meinen Stromverbrauch | die Antworten aus der Umfrage | die Verspätungen der Buslinie | die Besucherzahlen des Freibads
= de.these
alle Schwäne weiß sind | Natürliches immer gesund ist | eine Lüge aus Höflichkeit erlaubt ist | Tempolimits Leben retten | wer viel arbeitet, auch viel leistet
= de.text
diesen Artikel über den Schlaf | das Protokoll der Sitzung | den Brief vom Vermieter | das Kapitel über die Hanse | die Rede der Bürgermeisterin | die Hausordnung
= de.satz
ich habe mich verlaufen | die Rechnung, bitte | gute Besserung | wann fährt der nächste Bus? | ich vermisse dich | bis nächste Woche
= de.plausch
Bei mir regnet es schon wieder. | Magst du lieber Tee oder Kaffee? | Heute war ein verrückter Tag. | Mir ist langweilig. | Träumst du eigentlich? | Ich bin gerade umgezogen.
= de.vorhaben
einen Umzug in zwei Wochen | die Feier zum achtzigsten Geburtstag meiner Oma | eine Radtour an der Elbe | meine Prüfungsvorbereitung | ein Straßenfest
= de.panne
Mein Drucker druckt nur leere Seiten. | Der Abfluss ist verstopft. | Mein Laptop wird sehr heiß. | Ich habe mich ausgesperrt. | Die Waschmaschine schleudert nicht mehr. | Das WLAN bricht ständig ab.
= it.perche
il mare è salato | i gatti fanno le fusa | il ferro arrugginisce | sbadigliamo insieme agli altri | le foglie cambiano colore | esistono gli anni bisestili
= it.tema
l'inflazione | un algoritmo | l'effetto serra | un mutuo | il sistema immunitario | un'eclissi
= it.cosa
un vecchio faro | l'ultimo treno della notte | una città senza orologi | mia nonna e il suo pappagallo | la prima neve | un pasticciere innamorato
= it.programma
ordini una lista di nomi | conti le parole di un testo | calcoli la media dei voti | rinomini le mie foto | trovi i file doppi
= it.dati
le vendite di marzo | le mie spese di casa | le risposte del questionario | i ritardi dei treni | i consumi di gas
= it.tesi
ciò che è naturale fa sempre bene | il voto dovrebbe essere obbligatorio | tutti i cigni sono bianchi | mentire per gentilezza è giusto
= it.testo
questo articolo sul sonno | il verbale della riunione | il capitolo su Roma antica | la lettera del padrone di casa | il regolamento della piscina
= it.frase
mi sono perso | il conto, per favore | buona guarigione | a che ora chiudete? | mi manchi | ci vediamo domani
= it.chiacchiera
Oggi è stata una giornata lunghissima. | Preferisci il mare o la montagna? | Qui piove ancora. | Mi annoio un po'. | Ho appena preso un cane.
= it.piano
un matrimonio in giardino | un viaggio di tre giorni a Napoli | il trasloco di mia sorella | lo studio per gli esami | una festa di quartiere
= it.guasto
La lavatrice perde acqua. | Il portatile si spegne da solo. | Ho dimenticato la password. | La porta non si chiude. | La bici fa uno strano rumore.
= pt.porque
o mar é salgado | os gatos ronronam | o ferro enferruja | as folhas caem no outono | bocejamos quando os outros bocejam | existem anos bissextos
= pt.tema
a inflação | um algoritmo | o efeito de estufa | um empréstimo | a fotossíntese | um eclipse
= pt.coisa
um farol abandonado | o último comboio da noite | a minha avó e o papagaio | uma cidade sem relógios | a saudade | um padeiro apaixonado
= pt.programa
ordena uma lista de nomes | conta as palavras de um texto | calcula a média das notas | apaga ficheiros repetidos | converte milhas em quilómetros
= pt.dados
as vendas de abril | as minhas despesas | as respostas do inquérito | os atrasos do metro | o consumo de água
= pt.tese
tudo o que é natural faz bem | o voto devia ser obrigatório | todos os cisnes são brancos | as cidades deviam proibir os carros
= pt.texto
este artigo sobre o sono | a ata da reunião | o capítulo sobre os navegadores | a carta do senhorio | o regulamento da piscina
= pt.frase
estou perdido | a conta, por favor | as melhoras | a que horas fecham? | tenho saudades tuas | até amanhã
= pt.conversa
Hoje foi um dia comprido. | Preferes praia ou montanha? | Aqui está a chover outra vez. | Estou um bocado aborrecido. | Acabei de adotar um cão.
= pt.plano
uma viagem de quatro dias aos Açores | a festa de anos do meu pai | a mudança de casa | o estudo para os exames | um jantar para doze pessoas
= pt.avaria
A máquina de lavar perde água. | O portátil desliga-se sozinho. | Esqueci-me da senha. | A porta não fecha. | A internet cai todas as noites.
= nl.waarom
is de zee zout | spinnen katten | roest ijzer | vallen de bladeren in de herfst | drijft ijs op water | bestaan er schrikkeljaren
= nl.thema
inflatie | het broeikaseffect | een algoritme | een hypotheek | fotosynthese | machinaal leren
= nl.ding
een oude vuurtoren | de laatste nachttrein | een stad zonder klokken | mijn oma en haar papegaai | de eerste sneeuw | een verliefde bakker
= nl.programma
een lijst namen sorteert | woorden in een tekst telt | dubbele bestanden vindt | een gemiddelde uitrekent | elke maandag een mail stuurt
= nl.gegevens
de verkoopcijfers van maart | mijn energieverbruik | de antwoorden van de enquête | de vertragingen van de tram | de bezoekersaantallen
= nl.stelling
alle zwanen wit zijn | natuurlijk altijd gezond is | stemmen verplicht moet zijn | een leugen uit beleefdheid mag
= nl.tekst
dit artikel over slaap | het verslag van de vergadering | de brief van de huisbaas | het hoofdstuk over de Gouden Eeuw | de huisregels
= nl.zin
ik ben verdwaald | de rekening, alstublieft | beterschap | hoe laat gaat u dicht? | ik mis je | tot volgende week
= nl.praatje
Het regent hier alweer. | Hou je meer van thee of koffie? | Ik verveel me een beetje. | Vandaag was een rare dag. | Ik ben net verhuisd.
= nl.plan
een verhuizing in twee weken | de verjaardag van mijn oma | een fietstocht langs de kust | mijn examens | een buurtfeest
= nl.storing
Mijn printer doet het niet meer. | De afvoer is verstopt. | Mijn laptop wordt gloeiend heet. | Ik heb mezelf buitengesloten. | De wifi valt steeds weg.
= sv.varfor
är havet salt | spinner katter | rostar järn | finns det skottår | flyter is på vatten | gäspar vi när andra gäspar
= sv.sak
en gammal fyr | det sista nattåget | min mormor och hennes papegoja | den första snön | en stad utan klockor
= sv.text
den här artikeln om sömn | mötesprotokollet | hyresvärdens brev | kapitlet om vikingarna | talet från i går
= sv.fras
jag har gått vilse | notan, tack | krya på dig | vi ses i morgon | var ligger stationen?
= sv.prat
Det regnar här igen. | Gillar du kaffe eller te? | Jag har lite tråkigt. | I dag har varit en lång dag.
= sv.fel
Min skrivare fungerar inte. | Avloppet är stopp. | Jag har låst mig ute. | Datorn stänger av sig själv.
= ja.topic
光合成 | インフレーション | 機械学習 | 台風の目 | 免疫 | 季語
= ja.thing
古い灯台 | 最後の夜行列車 | 初雪 | 眠れないパン屋 | 祖母のオウム | 時計のない町
= ja.text
この記事 | 会議の議事録 | 大家さんからの手紙 | 昨日の講義 | この小説の第一章
= ja.phrase
道に迷いました | お大事に | また来週 | お会計をお願いします | 駅はどこですか
= ja.chat
今日はとても疲れました。 | コーヒーと紅茶、どちらが好きですか。 | こちらはまた雨です。 | 最近引っ越しました。
= ja.plan
京都への三日間の旅行 | 母の誕生日会 | 引っ越し | 試験勉強 | 町内の夏祭り
= zh.topic
光合作用 | 通货膨胀 | 机器学习 | 免疫系统 | 温室效应 | 闰年
= zh.thing
一座旧灯塔 | 最后一班夜车 | 第一场雪 | 没有钟表的城市 | 奶奶的鹦鹉 | 失眠的面包师
= zh.program
统计一篇文章的字数 | 把名单按姓氏排序 | 计算平均成绩 | 找出重复的文件 | 每天早上发一封邮件
= zh.text
这篇关于睡眠的文章 | 会议记录 | 房东的来信 | 这本小说的第一章 | 昨天的讲座
= zh.phrase
我迷路了 | 早日康复 | 请结账 | 下周见 | 车站在哪里
= zh.fault
我的打印机没有反应 | 电脑总是自动关机 | 水龙头一直漏水 | 我把钥匙锁在家里了 | 无线网络经常断线
= ru.why
море солёное | кошки мурлыкают | ржавеет железо | лёд не тонет | бывают високосные годы | мы зеваем вслед за другими
= ru.thing
старый маяк | последний ночной поезд | первый снег | бабушку и её попугая | город без часов | влюблённого пекаря
= ru.program
сортирует список имён | считает слова в тексте | находит одинаковые файлы | вычисляет среднюю оценку | каждое утро шлёт письмо
= ru.text
эту статью о сне | протокол собрания | первую главу романа | письмо от хозяина квартиры | вчерашнюю лекцию
= ru.phrase
я заблудился | счёт, пожалуйста | выздоравливай | до завтра | где вокзал
= ru.chat
Сегодня был длинный день. | Ты больше любишь чай или кофе? | У нас опять дождь. | Мне немного скучно. | Я недавно переехал.
= ru.fault
Принтер не печатает. | Кран всё время капает. | Я забыл пароль от почты. | Ноутбук сам выключается. | Дома пропал интернет.
)grammar";

} // namespace intents::grammar_text
