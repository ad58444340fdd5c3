"""Who may see which page of dialogue: episodes and promises."""

from kanal.dialogue.models import Voice
from kanal.dialogue.queries.questions import token_of
from tests.support.town import Town
from tests.support.walk import HOSTS, Pages, Stop, data

READERS = ("heni", "dewi", "laras")


def _episode(town: Town) -> list[object]:
    return [town.episode.pk]


def _draft(town: Town) -> list[object]:
    return [town.draft.pk]


def _promise(town: Town) -> list[object]:
    return [town.promise.pk]


def _question(town: Town) -> list[object]:
    return [token_of(Voice.objects.get(question__episode=town.episode))]


def _asked(town: Town) -> list[object]:
    return [town.episode.pk, town.episode.questions.get().pk]


def _kept(town: Town) -> list[object]:
    return [town.kept.pk]


def _sheet(town: Town) -> list[object]:
    return [town.episode.pk, town.people.roads.code]


PAGES: Pages = {
    "dialogue:agenda": (Stop(),),
    "dialogue:episode": (Stop(arguments=_episode), Stop(arguments=_draft, status=404)),
    "dialogue:ask": (Stop(arguments=_episode), Stop(arguments=_draft, status=404)),
    "dialogue:question": (Stop(arguments=_question),),
    "dialogue:live": (
        Stop(("rina", "oki"), _episode, also=("kun", *READERS)),
        Stop(HOSTS, _draft, status=404),
    ),
    "dialogue:live_issue": (Stop(("rina",), _asked, also=("kun",)),),
    "dialogue:promises": (Stop(), Stop(query="keadaan=ditepati")),
    "dialogue:promise": (Stop(arguments=_promise), Stop(arguments=_kept)),
    "dialogue:desk_episodes": (Stop(("rina", "oki"), also=("kun", *READERS)),),
    "dialogue:desk_episode_new": (Stop(("rina",), also=("kun",)),),
    "dialogue:desk_put_topic": (Stop(("rina",), lambda town: [town.issue.pk], also=("kun",)),),
    "dialogue:desk_episode": (
        Stop(("rina", "oki"), _episode, also=("kun", *READERS)),
        Stop(HOSTS, _draft, also=("laras",)),
    ),
    "dialogue:host_sheet": (Stop(("rina",), _episode, also=("kun",)),),
    "dialogue:agency_sheet": (Stop(("rina", "oki"), _sheet, also=("kun", "heni")),),
    "dialogue:desk_episode_change": (Stop(("rina",), _episode, also=("kun",)),),
    "dialogue:programmes": (Stop(("kun",)),),
    "dialogue:programme_new": (Stop(("kun",)),),
    "dialogue:programme": (Stop(("kun",), lambda town: [town.episode.programme_id]),),
    "dialogue:desk_promises": (Stop(("kun", "oki"), also=("rina", *READERS)),),
    "dialogue:desk_promise_new": (Stop(("rina",), also=("kun",)),),
    "dialogue:desk_promise": (
        Stop(("kun", "oki", "heni"), _promise, also=("rina", "laras")),
        Stop(("kun",), _kept, also=("rina", "oki", "heni", "laras")),
    ),
    "dialogue:desk_promise_change": (Stop(("kun",), _promise),),
}
DATA: Pages = {
    "dialogue:minutes_pdf": (Stop(arguments=_episode, status=404, page=False),),
    "dialogue:live_board": data(_episode, "rina", "oki", also=("kun", *READERS)),
    "dialogue:calendar": data(),
    "dialogue:host_sheet_pdf": data(_episode, "rina", also=("kun",)),
    "dialogue:agency_sheet_pdf": data(_sheet, "rina", "oki", also=("kun", "heni")),
    "dialogue:promises_csv": data(),
    "dialogue:promises_feed": data(),
    "dialogue:promise_photo": data(lambda town: [town.proof(), "kecil"]),
}
