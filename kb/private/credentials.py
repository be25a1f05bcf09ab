"""Passwords, one-time codes and tokens, where the text says that it is one.

A password of letters alone cannot be told from the next word (“my password is wrong”), and stays.
"""

from __future__ import annotations

import re

from kb.private.rule import AI, IS, A, Rule

_WORD = r"(?<![A-Za-z0-9_/\-#=.])"  # not in a path or a parameter
_PASSWORD = (
    rf"(?:비밀\s?번호|비번|패스워드|암호|핀\s?번호|{_WORD}(?:pin(?:\s?(?:번호|code|number))?|pass\s?(?:word|code|phrase)"
    r"|passwd|pwd|pw|pass(?=\s?(?:is|was|[:=])))(?![A-Za-z]))"
)
_CODE = (
    rf"(?:(?:인증|보안|확인)\s?(?:번호|코드)|{_WORD}(?:(?:verification|security|one[ -]time|log-?in|sign[ -]?in|access"
    r"|sms|2fa|mfa|auth(?:entication)?)\s(?:pass)?code|OTP|2FA|one[ -]time password)(?:\s?(?:번호|코드|code))?)"
)
_CVC = rf"(?:{_WORD}(?:(?:cvc|cvv)2?|security code)|보안\s?코드)(?:\s?번호)?"
_THEN = rf"(?=[\s:：=#\"'“‘(은는이가을를]){IS}"
# what is counted is no secret: 8자 이상, 10 minutes; nor is the code of an error
_COUNTED = (
    r"(?!\s?(?:자리?|글자|번째|번|회|분|초|시간?|일|개|년|월|단계|원|명|~|오류|에러|코드|error|characters?|chars?|digits?"
    r"|minutes?|mins?|seconds?|hours?|days?|times|attempts?)(?![A-Za-z]))"
)
_PARAMETER = (
    r"[\w.\-]{0,30}(?:token|secret|passw(?:or)?d|pwd|api_?-?key|signature|session_?id|credential|jwt)[\w\-]{0,6}"
    r"=(?=.{3})|(?:key|sig|sid|auth|otp)=(?=[^\s&#]{6})"
)


def _password(match: re.Match[str]) -> int:
    """How much of a value is the password: the sentence's own full stops and quotes at its end are not."""
    return len(match["value"].rstrip(".,;:?)\"'"))


IN_ADDRESSES = (
    Rule("secret", re.compile(r"://(?P<value>[^\s/@:\0]{1,128}:[^\s/@\0]{1,256})(?=@)"), digits=False),
    Rule("secret", re.compile(rf"[?&#](?:{_PARAMETER})(?P<value>[^\s&#\"'<>()\[\]\0]{{3,4096}})", AI), digits=False),
)
RULES = (
    Rule("secret", re.compile(r"\b(?P<value>eyJ[\w\-]{8,2048}\.[\w\-]{4,4096}\.[\w\-]{0,1024})", A)),  # a JWT
    Rule("secret", re.compile(r"\bbearer\s(?P<value>(?=[^\s\d]{0,64}\d)[\w.~+/\-]{16,4096}=*)", AI)),
    Rule(
        "secret",
        re.compile(
            rf"{_WORD}(?:api|access|secret|client)[_\- ]?(?:key|token|secret)\s?[=:]\s?(?P<value>[\w.~+/\-]{{8,4096}})",
            AI,
        ),
    ),
    Rule(
        "secret",
        re.compile(rf"{_CODE}{_THEN}(?P<value>(?>\d{{4,8}}|\d{{3}}[ \-]\d{{3}}))(?![\dA-Za-z]){_COUNTED}", AI),
    ),
    Rule("secret", re.compile(rf"{_CVC}{_THEN}(?P<value>\d{{3,4}})(?!\d){_COUNTED}", AI)),
    Rule(
        "secret",
        re.compile(
            rf"{_PASSWORD}{_THEN}(?P<value>(?=[!-:<-~]{{0,40}}(?:\d|[A-Za-z][!@#$%^&*+=][A-Za-z]))(?>[!-:<-~]{{4,64}})){_COUNTED}",
            AI,
        ),
        _password,
        digits=False,
    ),
)
