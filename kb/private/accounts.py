"""Bank accounts and payment cards."""

from __future__ import annotations

import re

from kb.private.rule import AI, END, IS, START, A, Rule, after, before, digits, kept, longest

_DATE = re.compile(r"(?:19|20)\d{2}-\d{1,2}-\d{1,2}$")
_BANK = re.compile(r"계좌|은행|뱅크|농협|신협|수협|새마을금고|예금주|\b(?:bank|accounts?|acct|a/c)\b", AI)
_MONEY = re.compile(
    r"입금|이체|환불|송금|\bdeposit\b|\brefund|(?:국민|신한|우리|하나|기업|카카오|토스|우체국|\b(?:IBK|KB|NH|SC))\s?:?\s?$",
    AI,
)


def _iban(value: str) -> bool:
    """The check of ISO 13616: the number of its letters and digits, the first four last, is 1 mod 97."""
    plain = value.replace(" ", "").replace("-", "").upper()
    return 15 <= len(plain) <= 34 and int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _card(value: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812-1)."""
    plain = [int(digit) for digit in digits(value)]
    doubled = [d if i % 2 == 0 else sum(divmod(d * 2, 10)) for i, d in enumerate(reversed(plain))]
    return 13 <= len(plain) <= 19 and len(set(plain)) > 1 and sum(doubled) % 10 == 0


def _account(match: re.Match[str]) -> int:
    """Digits are an account where the text speaks of a bank, and parted by hyphens also where money is to go there."""
    value = match["value"]
    if _DATE.match(value) or not 10 <= len(digits(value)) <= 16 or kept(match):
        return 0
    words = (_BANK, _MONEY) if "-" in value else (_BANK,)
    near = (before(match, 30), after(match))
    return len(value) if any(word.search(text) for word in words for text in near) else 0


IBANS = (
    Rule(
        "account",
        re.compile(
            r"(?<![\w\-])(?P<value>[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,3})?)(?![A-Za-z0-9])",
            A,
        ),
        lambda match: longest(match["value"], _iban),
    ),
    Rule(
        "account",
        re.compile(
            rf"\bIBAN\b{IS}(?P<value>[A-Z]{{2}}\d{{2}}(?:[ ]?[A-Z0-9]{{4}}){{2,7}}(?:[ ]?\d{{1,3}})?)(?![A-Za-z0-9])",
            A,
        ),
    ),
)
CARDS = (
    Rule(
        "card",
        re.compile(rf"{START}(?P<value>[2-69]\d{{3}}(?:[ \-]?\d){{9,15}}){END}(?![ \-]\d{{2,4}}(?![\d/]))", A),
        lambda match: 0 if kept(match) else longest(match["value"], _card),
    ),
)
TOLD = (
    Rule(
        "account",
        re.compile(
            r"(?:계좌(?:\s?번호)?|\b(?:account|acct|a/c)\.?\s?(?:numbers?|no\b\.?|#))"
            rf"{IS}(?P<value>\d(?:[ \-]?\d){{7,16}}){END}",
            AI,
        ),
    ),
)
ACCOUNTS = (
    Rule("account", re.compile(rf"{START}(?P<value>\d{{2,6}}(?:-\d{{1,7}}){{2,3}}){END}", A), _account),
    Rule("account", re.compile(rf"{START}(?P<value>\d{{10,16}}){END}", A), _account),
)
