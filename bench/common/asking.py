"""Sentences that ask the viewer for something, and sentences that only look like it, in German and English.

All of them were written before any pattern was. Those at even places were looked at while the patterns were written;
those at odd places were not: `held_out` gives these. Both come from one author, who wrote the patterns too: what
strangers say is met less often. Spelling is that of captions, of speech and of text recognisers, mistakes included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What is said or written, and what it asks for: nothing, if `action` is empty."""

    content: str
    language_code: str
    action: str = ""


def _all(language_code: str, action: str, *contents: str) -> list[Sentence]:
    return [Sentence(content=content, language_code=language_code, action=action) for content in contents]


ASKING: tuple[Sentence, ...] = (
    *_all(
        "de", "follow",
        "Folg mir für mehr Rezepte.",
        "Wenn dir das geholfen hat, dann folge mir gerne.",
        "Folgt uns auf Instagram, da gibt es noch mehr.",
        "Also lasst mir gern ein Follow da.",
        "FOLGE MIR FUR MEHR",
        "Für Teil 2 folgen!",
    ),
    *_all(
        "de", "like",
        "Lass gerne ein Like da.",
        "Gib dem Video einen Daumen nach oben.",
        "Wenn ihr das auch kennt, lasst ein Herz da.",
        "Und vergesst nicht, das Video zu liken.",
        "Liked das Video wenn ihr mehr sehen wollt",
        "Ich freue mich über jedes Like von euch.",
    ),
    *_all(
        "de", "share",
        "Teil das Video mit deinen Freunden.",
        "Schick das jemandem, der das hören muss.",
        "Teilt den Beitrag gerne in eurer Story.",
        "Leite das an deine beste Freundin weiter.",
    ),
    *_all(
        "de", "save",
        "Speicher dir das Video für später ab.",
        "Am besten speicherst du dir diesen Beitrag gleich.",
        "SPEICHERN NICHT VERGESSEN",
        "Merk dir das Video, indem du es abspeicherst.",
    ),
    *_all(
        "de", "comment",
        "Schreib es mir in die Kommentare.",
        "Was meint ihr? Kommentiert mal drunter.",
        "Sagt mir in den Kommentaren, was ihr davon haltet.",
        "Hinterlasst mir einen Kommentar mit eurer Meinung.",
        "Kommentiere PLAN und ich schicke dir alles zu.",
        "Ab damit in die Kommentare!",
    ),
    *_all(
        "de", "link",
        "Den Link findet ihr in meiner Bio.",
        "Link in Bio",
        "Klick auf den Link in der Beschreibung.",
        "Alle Infos findest du über den Link unten.",
        "LINK lN DER BlO",
    ),
    *_all(
        "de", "subscribe",
        "Abonniert den Kanal, um nichts zu verpassen.",
        "Lasst ein Abo da und aktiviert die Glocke.",
        "Aboniere jetzt unseren Kanal",
        "Vergiss nicht zu abonnieren!",
    ),
    *_all(
        "de", "buy",
        "Jetzt bestellen und 20 Prozent sparen.",
        "Mit dem Code SOMMER spart ihr 15 Prozent.",
        "Hol dir jetzt deine Flasche.",
        "Sichere dir dein Exemplar, solange der Vorrat reicht.",
    ),
    *_all(
        "en", "follow",
        "Follow me for more cooking tips.",
        "Make sure to follow for part two.",
        "If you're new here, hit that follow button.",
        "FOLLOW FOR MORE",
        "F0LLOW @lenacooks",
        "Don't forget to follow us.",
    ),
    *_all(
        "en", "like",
        "Smash that like button.",
        "Like this video if you agree.",
        "Leave a like if this helped you.",
        "Double tap if you love coffee.",
        "Give it a thumbs up, guys.",
        "So please like and share.",
    ),
    *_all(
        "en", "share",
        "Share this with someone who needs it.",
        "Send this to your best friend.",
        "And share it with your friends.",
        "Tag and share this post!",
    ),
    *_all(
        "en", "save",
        "Save this for later.",
        "Bookmark this video so you don't lose it.",
        "Be sure to save this post.",
        "SAVE THIS RECIPE",
    ),
    *_all(
        "en", "comment",
        "Let me know in the comments.",
        "Comment below what you think.",
        "Drop a comment with your favourite.",
        "Comment GUIDE and I'll send it to you.",
        "Tell me in the comments which one you'd pick.",
    ),
    *_all("en", "tag_friend", "Tag a friend who does this."),
    *_all(
        "en", "link",
        "Link in bio.",
        "Click the link below.",
        "The link is in the description.",
        "LINKINBIO",
        "Tap the link in my bio to sign up.",
        "Swipe up to learn more.",
    ),
    *_all(
        "en", "subscribe",
        "Subscribe to my channel for weekly videos.",
        "Don't forget to subscribe.",
        "Hit subscribe and the bell icon.",
        "Please subscribe, it really helps.",
    ),
    *_all(
        "en", "buy",
        "Shop now.",
        "Use my code SAVE10 at checkout.",
        "Order yours today.",
        "Get yours before they sell out.",
    ),
)  # fmt: skip

NOT_ASKING: tuple[Sentence, ...] = (
    *_all(
        "de", "",
        "Die folgende Übung machst du zehnmal.",
        "Darauf folgt ein kurzer Film.",
        "Die Linke hat im Bundestag abgestimmt.",
        "Wie der Link im Browser, so öffnet sich hier die Tür.",
        "Teile davon sind aus Holz.",
        "Ich teile mir die Wohnung mit zwei Freunden.",
        "Die Zeitung abonniert hat sie nie.",
        "Das Theater hat viele Abonnenten verloren.",
        "Der Akku kann viel Energie speichern.",
        "Der Speicher ist leider voll.",
        "Kein Kommentar, sagte der Minister.",
        "Der Kommentator war begeistert.",
        "Mein Hund folgt mir überall hin.",
        "Ich kann dir gerade nicht folgen.",
        "Das Herz pumpt fünf Liter Blut in der Minute.",
        "Er hat sich den Daumen gebrochen.",
        "Wir kaufen jeden Samstag auf dem Markt ein.",
        "Das Buch hat er gestern bestellt.",
        "Das ist der beste Teil des Videos.",
        "Das Gelände teilt sich in zwei Hälften.",
        "Unter dem Kode versteht man eine Vorschrift.",
        "Er schreibt seit Jahren Kommentare für die Zeitung.",
        "Die Glocke läutet um zwölf Uhr.",
        "In der Folge davon stiegen die Preise.",
        "Sie lässt die Tür offen und geht.",
        "Biolandwirtschaft wächst in der Region.",
        "Er griff auch alles an, was ins Wasser kam.",
        "Links siehst du die Kirche, rechts das Rathaus.",
        "Danach folgen drei Runden zu je fünf Minuten.",
        "Sie schickt ihm jeden Tag einen Brief.",
        "Die Daten werden auf dem Server gespeichert.",
        "Er hat mir sein Herz geschenkt.",
        "Ich habe zehntausend Follower verloren.",
        "Warum mir niemand folgen wollte, weiß ich nicht.",
        "Gestern habe ich ein Abo gekündigt.",
        "Die Polizei bittet nicht um Kommentare.",
        "Sichere Passwörter sind lang.",
        "Der Code des Programms ist offen.",
        "Jetzt kaufen die Leute wieder mehr Fahrräder.",
        "Klick, und schon ist das Licht an.",
        "Man teilt die Summe durch drei.",
        "Bei den Likes kommt es auf die Uhrzeit an.",
        "Ich mag Hunde lieber als Katzen.",
        "Wer nicht hören will, muss fühlen.",
    ),
    *_all(
        "en", "",
        "I like dogs.",
        "It looks like rain today.",
        "You can see what it feels like here.",
        "Follow the recipe and bake for an hour.",
        "The dog would follow me everywhere.",
        "Heavy snow will follow later in the week.",
        "She had a share of the company.",
        "They share a flat in Berlin.",
        "Save the butter for the end.",
        "He tried to save the child.",
        "This place is not safe at night.",
        "The goalkeeper made a great save.",
        "The link between smoking and cancer is clear.",
        "A chain is as strong as its weakest link.",
        "No comment, said the minister.",
        "His comment was rather rude.",
        "I do not subscribe to that theory.",
        "She subscribed to a newspaper for years.",
        "We buy our bread here every day.",
        "The shop is now closed.",
        "The order of the steps matters.",
        "Put the books in order.",
        "A bell rings in the distance.",
        "He writes code for a living.",
        "The share price fell again.",
        "People like this sort of thing.",
        "Things like this happen all the time.",
        "Tap water is fine to drink.",
        "Swipe the brush from left to right.",
        "Biology is the study of life.",
        "I never got a thumbs up from him.",
        "His followers walked to the temple.",
        "The following text is in French.",
        "Tell me what happened next.",
        "I saved this for my mother.",
        "Let me know when you get home.",
        "Send him to the shop.",
        "Would you like this one or that one?",
        "Drop the pasta into the water.",
        "Double the amount of flour and tap it flat.",
        "They liked the film.",
        "We got yours yesterday.",
        "The comments on the report were published today.",
        "And so my fellow Americans, ask not what your country can do for you.",
    ),
)  # fmt: skip


def held_out(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Those at odd places, never looked at while patterns were written."""
    return list(sentences[1::2])


def for_writing(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Those at even places."""
    return list(sentences[::2])
