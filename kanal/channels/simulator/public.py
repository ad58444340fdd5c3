"""The platforms that Kanal asks, as far as it does: a small X API v2 and YouTube Data API v3 over the walls."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from kanal.channels.simulator import walls
from kanal.channels.simulator.platforms import played, told_by
from kanal.channels.simulator.playing import NAME
from kanal.channels.simulator.walls import Entry
from kanal.channels.x.oauth import Keys, signature

_View = Callable[..., HttpResponse]


# X ------------------------------------------------------------------------------------------------------------------


def _signed(view: _View) -> _View:
    """Only where X is played, and only for what our own account signed."""

    @csrf_exempt  # Kanal's adapters call, not a browser
    @wraps(view)
    def guarded(request: HttpRequest, **given: str) -> HttpResponse:
        if not settings.SIMULATOR or "x" not in settings.PLAYED_MEDIA:
            raise Http404
        if not _is_ours(request):
            return JsonResponse({"title": "Unauthorized", "detail": "Unauthorized", "status": 401}, status=401)
        return view(request, **given)

    return guarded


def _is_ours(request: HttpRequest) -> bool:
    scheme, _space, parts = request.headers.get("Authorization", "").partition(" ")
    pairs = [part.strip().partition("=") for part in parts.split(",")]
    said = {name: unquote(value.strip('"')) for name, _equals, value in pairs}
    given, have = said.pop("oauth_signature", ""), settings.X
    keys = Keys(have["consumer_key"], have["consumer_secret"], have["token"], have["token_secret"])
    url = f"{settings.BASE_URL}{request.get_full_path()}"
    return scheme == "OAuth" and constant_time_compare(given, signature(str(request.method), url, said, keys))


def _post(one: Entry, *, ours: bool = False) -> dict[str, Any]:
    told = {"id": one.id, "text": one.text, "created_at": one.moment.isoformat(), "edit_history_tweet_ids": [one.id]}
    below = {"referenced_tweets": [{"type": "replied_to", "id": one.below}]} if one.below else {}
    return {**told, **below, "author_id": settings.X["user_id"] if ours else one.number}


def _page(found: list[Entry], *, ours: bool = False) -> HttpResponse:
    meta: dict[str, Any] = {"result_count": len(found)}
    if not found:
        return JsonResponse({"meta": meta})
    meta |= {"newest_id": found[0].id, "oldest_id": found[-1].id}
    users = [{"id": one.number, "name": NAME, "username": f"{walls.NAMES['x']}{one.number}"} for one in found]
    return JsonResponse({"data": [_post(one, ours=ours) for one in found], "includes": {"users": users}, "meta": meta})


@_signed
def x_mentions(request: HttpRequest, account: str) -> HttpResponse:  # noqa: ARG001  # as the address has it
    """GET …/users/<our account>/mentions: the newest that came after `since_id`; older ones are not told of."""
    since, most = int(request.GET.get("since_id", "0")), int(request.GET.get("max_results", "10"))
    found = [one for one in walls.entries("x") if not one.below and int(one.id) > since]
    return _page(found[:most])


@_signed
def x_ours(request: HttpRequest, account: str) -> HttpResponse:  # noqa: ARG001  # as the address has it
    """GET …/users/<our account>/tweets: our own newest."""
    most = int(request.GET.get("max_results", "10"))
    return _page([one for one in walls.entries("x") if one.below][:most], ours=True)


@_signed
def x_posts(request: HttpRequest) -> HttpResponse:
    """GET …/tweets?ids=: posts by their numbers. POST …/tweets: our answer below one, never the same words twice."""
    if request.method != "POST":
        wanted = request.GET.get("ids", "").split(",")
        return _page([one for one in walls.entries("x") if one.id in wanted])
    told = told_by(request)
    post, text = walls.entry("x", str(told["reply"]["in_reply_to_tweet_id"])), str(told["text"])
    if post is None:
        return _x_refusal("You attempted to reply to a Tweet that is deleted or not visible to you.")
    if any(one.below and one.text == text for one in walls.entries("x")):
        return _x_refusal("You are not allowed to create a Tweet with duplicate content.")
    answer = walls.answer("x", post, text)
    return JsonResponse({"data": {"id": answer.id, "text": text}}, status=201)


def _x_refusal(detail: str) -> HttpResponse:
    return JsonResponse({"title": "Forbidden", "detail": detail, "status": 403}, status=403)


# YouTube ------------------------------------------------------------------------------------------------------------


@csrf_exempt  # Kanal's adapters call, not a browser
def youtube_token(request: HttpRequest) -> HttpResponse:
    """POST …/token: a new access token for the refresh token."""
    if not settings.SIMULATOR or "youtube" not in settings.PLAYED_MEDIA:
        raise Http404
    if not constant_time_compare(request.POST.get("refresh_token", ""), settings.SIMULATOR_KEY):
        return JsonResponse({"error": "invalid_grant"}, status=400)
    return JsonResponse({"access_token": settings.SIMULATOR_KEY, "expires_in": 3599, "token_type": "Bearer"})


def _comment(one: Entry) -> dict[str, Any]:
    author = settings.YOUTUBE["channel_id"] if one.below else f"{walls.NAMES['youtube']}{one.number}"
    snippet = {
        "authorDisplayName": "" if one.below else NAME,
        "authorChannelId": {"value": author},
        "textDisplay": one.text,
        "textOriginal": one.text,
        "publishedAt": one.moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "updatedAt": one.moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **({"parentId": one.below} if one.below else {}),
    }
    return {"kind": "youtube#comment", "id": one.id, "snippet": snippet}


@played("youtube")
def youtube_threads(request: HttpRequest) -> HttpResponse:
    """GET …/commentThreads: the newest, each with what stands below it."""
    found = walls.entries("youtube")
    threads = []
    for one in [one for one in found if not one.below][: int(request.GET.get("maxResults", "20"))]:
        replies = [_comment(reply) for reply in found if reply.below == one.id]
        snippet = {"videoId": "simulator", "topLevelComment": _comment(one), "totalReplyCount": len(replies)}
        thread = {"kind": "youtube#commentThread", "id": one.id, "snippet": snippet}
        threads.append({**thread, **({"replies": {"comments": replies}} if replies else {})})
    return JsonResponse({"kind": "youtube#commentThreadListResponse", "items": threads})


@played("youtube")
def youtube_comments(request: HttpRequest) -> HttpResponse:
    """GET …/comments by id or below another one. POST …/comments: our answer."""
    if request.method == "POST":
        told = told_by(request)["snippet"]
        first = walls.entry("youtube", str(told["parentId"]))
        if first is None:
            reason = [{"reason": "parentCommentNotFound"}]
            return JsonResponse({"error": {"code": 404, "errors": reason}}, status=404)
        return JsonResponse(_comment(walls.answer("youtube", first, str(told["textOriginal"]))))
    wanted, below = request.GET.get("id", "").split(","), request.GET.get("parentId")
    found = [one for one in walls.entries("youtube") if (one.below == below if below else one.id in wanted)]
    return JsonResponse({"kind": "youtube#commentListResponse", "items": [_comment(one) for one in found]})
