"""OAuth 1.0a: the published examples come out letter by letter."""

from kanal.channels.x.oauth import Keys, authorization, base_string, signature


def test_the_base_string_of_the_standard() -> None:
    """RFC 5849, section 3.4.1.1."""
    said = {
        "oauth_consumer_key": "9djdj82h48djs9d2",
        "oauth_token": "kkk9d7dh3k39sjv7",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131201",
        "oauth_nonce": "7d8f3e4a",
    }
    url = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"
    assert base_string("post", url, said, form=[("c2", ""), ("a3", "2 q")]) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q"
        "%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_"
        "key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_m"
        "ethod%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk"
        "9d7dh3k39sjv7"
    )


def test_the_signature_of_the_platform() -> None:
    """X's own page on creating a signature."""
    said = {
        "oauth_consumer_key": "xvz1evFS4wEEPTGEFPHBog",
        "oauth_nonce": "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1318622958",
        "oauth_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "oauth_version": "1.0",
    }
    keys = Keys(
        "xvz1evFS4wEEPTGEFPHBog",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    )
    form = [("status", "Hello Ladies + Gentlemen, a signed OAuth request!")]
    url = "https://api.twitter.com/1.1/statuses/update.json?include_entities=true"
    assert signature("POST", url, said, keys, form=form) == "hCtSmYh+iHYCEqBWrE7C7hYmtUk="


def test_no_two_requests_are_signed_alike() -> None:
    keys = Keys("a", "b", "c", "d")
    first, second = (authorization("GET", "https://api.x.com/2/tweets?ids=1", keys) for _twice in range(2))
    assert first.startswith("OAuth oauth_consumer_key=")
    assert first != second
