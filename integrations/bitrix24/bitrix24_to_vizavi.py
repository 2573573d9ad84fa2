#!/usr/bin/env python3
"""Takes the outgoing webhooks of Bitrix24 and sends what they mean to vizavi.

A webhook of Bitrix24 has only an id: what happened is asked by REST through an incoming webhook.
Settings are environment variables:

  VIZAVI_URL, VIZAVI_TOKEN   where vizavi is; a token with the scope `write`
  BITRIX24_REST              the incoming webhook: https://PORTAL/rest/USER/SECRET/ (scopes crm, user)
  BITRIX24_TOKENS            application tokens of the outgoing webhooks, separated by blanks
  LISTEN                     127.0.0.1:8091 unless it is set
  QUEUE                      bitrix24.sqlite3 unless it is set

`bitrix24_to_vizavi.py employees` sends the employees once and ends.
"""

import json
import logging
import os
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from vizavi_queue import Later, Queue, Refused, Vizavi, fetch, need, parse_form, same, serve

# What the objects of Bitrix24 are to the rating. The types are those of vizavi's settings.
DEAL_CREATED = "order.placed"
DEAL_CLOSED = "order.completed"
CALL = "call.talked"
CALL_MISSED = "call.missed"
EMAIL_IN = "email.received"
EMAIL_OUT = "email.sent"
MEETING = "meeting.held"

LEAD, DEAL, CONTACT, COMPANY = "1", "2", "3", "4"
NOT_FOUND = ("NOT FOUND", "NOT_FOUND")


class Bitrix24:
    """Asks Bitrix24 by REST."""

    def __init__(self, address):
        self.address = address.rstrip("/")

    def call(self, method, **parameters):
        """The whole answer of a method; None if there is no such object."""
        body = urllib.parse.urlencode(parameters).encode()
        status, answer = fetch(f"{self.address}/{method}.json", body)
        try:
            answer = json.loads(answer)
        except ValueError:
            raise Later(f"{method}: {status}, no JSON") from None
        if "error" in answer:
            told = f"{answer.get('error')} {answer.get('error_description', '')}"
            if any(words in told.upper() for words in NOT_FOUND):
                return None
            raise Later(f"{method}: {status} {told}"[:300])
        return answer

    def get(self, method, number):
        answer = self.call(method, id=number)
        return answer and answer.get("result") or None


def translator(portal):
    """What a webhook means, for vizavi_queue.work_once."""

    def translate(form, _version, _attempts):
        event = form.get("event", "").upper()
        number = form.get("data", {}).get("FIELDS", {}).get("ID", "")
        if not number.isdigit():
            raise Refused("the webhook has no data[FIELDS][ID]")
        if event.startswith("ONCRMDEAL"):
            return [deal(portal, number, gone=event.endswith("DELETE"))]
        if event.startswith("ONCRMACTIVITY"):
            return [activity(portal, number, gone=event.endswith("DELETE"))]
        if event in ("ONCRMCONTACTADD", "ONCRMCONTACTUPDATE"):
            return [(f"contact-{number}", [], cards(portal, CONTACT, number))]
        if event in ("ONCRMCOMPANYADD", "ONCRMCOMPANYUPDATE"):
            return [(f"company-{number}", [], cards(portal, COMPANY, number))]
        return []

    return translate


def deal(portal, number, gone):
    """A deal: its creation opens a case, its end closes it."""
    object_id = f"deal-{number}"
    found = None if gone else portal.get("crm.deal.get", number)
    owner = deal_client(found) if found else None
    if not owner or not set_id(found.get("ASSIGNED_BY_ID")):
        return object_id, [], []
    common = {"client": client_id(*owner), "employee": str(found["ASSIGNED_BY_ID"]), "case": object_id,
              "about": about("сделка", found.get("TITLE"), number)}
    events = [{"id": f"{object_id}-created", "type": DEAL_CREATED, "time": found["DATE_CREATE"], **common}]
    if found.get("CLOSED") == "Y":
        moment = found.get("MOVED_TIME") or found["DATE_MODIFY"]
        events.append({"id": f"{object_id}-closed", "type": DEAL_CLOSED, "time": moment, **common})
    return object_id, events, cards(portal, *owner)


def about(what, title, number):
    """What the employee's telephone shows behind the client's name. vizavi cuts it at 60 characters."""
    title = str(title or "").strip() or number
    # Bitrix24 calls a deal without a name «Сделка #5».
    return title if title.lower().startswith(what) else f"{what} {title}"


def activity(portal, number, gone):
    """A call, an e-mail or a meeting; other activities are nothing to the rating."""
    object_id = f"activity-{number}"
    found = None if gone else portal.get("crm.activity.get", number)
    kind = activity_type(found) if found else None
    if not kind or not set_id(found.get("RESPONSIBLE_ID")):
        return object_id, [], []
    event = {"id": object_id, "type": kind, "employee": str(found["RESPONSIBLE_ID"]),
             "time": found.get("START_TIME") or found["CREATED"]}
    subject = str(found.get("SUBJECT") or "").strip()
    if subject and kind not in (CALL, CALL_MISSED):
        event["about"] = subject  # Of a call it is only the number.
    case, owner = activity_owner(portal, found)
    if case:
        event["case"] = case
    phones = [one["VALUE"] for one in communications(found)
              if one.get("TYPE") == "PHONE" and one.get("VALUE")]
    if owner:
        event["client"] = client_id(*owner)
    elif phones:
        event["phones"] = phones[:20]
    else:
        return object_id, [], []
    return object_id, [event], cards(portal, *owner) if owner else []


def activity_type(found):
    kind, direction = str(found.get("TYPE_ID")), str(found.get("DIRECTION"))
    settings = found.get("SETTINGS")
    if kind == "4":
        return {"1": EMAIL_IN, "2": EMAIL_OUT}.get(direction)
    if kind == "2" and isinstance(settings, dict) and settings.get("MISSED_CALL"):
        return CALL_MISSED
    if found.get("COMPLETED") != "Y":
        return None  # Planned: it has not happened yet.
    return {"1": MEETING, "2": CALL}.get(kind)


def activity_owner(portal, found):
    """The case, and whose it is: (type, id)."""
    kind, number = str(found.get("OWNER_TYPE_ID")), set_id(found.get("OWNER_ID"))
    case = f"deal-{number}" if kind == DEAL and number else None
    for one in communications(found):
        named = str(one.get("ENTITY_TYPE_ID")), set_id(one.get("ENTITY_ID"))
        if named[0] in (CONTACT, COMPANY) and named[1]:
            return case, named
    if kind in (CONTACT, COMPANY) and number:
        return case, (kind, number)
    parent = portal.get("crm.deal.get", number) if case else None
    return case, deal_client(parent) if parent else None


def communications(found):
    listed = found.get("COMMUNICATIONS")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def deal_client(found):
    """The contact before the company: it is a person who calls."""
    for kind, field in ((CONTACT, "CONTACT_ID"), (COMPANY, "COMPANY_ID")):
        number = set_id(found.get(field))
        if number:
            return kind, number
    return None


def set_id(value):
    """An id, or None for "0", "" and null."""
    return str(value) if str(value or "0") != "0" else None


def client_id(kind, number):
    return f"{'contact' if kind == CONTACT else 'company'}-{number}"


def cards(portal, kind, number):
    """The client's card, if there is still such a client."""
    method = "crm.contact.get" if kind == CONTACT else "crm.company.get"
    found = portal.get(method, number)
    if not found:
        return []
    phones = [one["VALUE"] for one in found.get("PHONE") or [] if one.get("VALUE")]
    card = {"id": client_id(kind, number), "phones": phones}
    names = (("last", "LAST_NAME"), ("first", "NAME"), ("middle", "SECOND_NAME"))
    for ours, theirs in names if kind == CONTACT else (("organisation", "TITLE"),):
        if found.get(theirs):
            card[ours] = str(found[theirs])[:100]
    return [card]


def employees(portal):
    """All users. One who is dismissed has no extension here: they are not offered any more."""
    start, found = 0, []
    while start is not None:
        answer = portal.call("user.get", start=start) or {}
        found += answer.get("result", [])
        start = answer.get("next")
        time.sleep(0.5)
    return [employee(one) for one in found if one.get("LAST_NAME") or one.get("NAME")]


def employee(user):
    card = {"id": str(user["ID"]), "version": int(time.time() * 1_000_000)}
    for ours, theirs in (("last", "LAST_NAME"), ("first", "NAME"), ("middle", "SECOND_NAME")):
        if user.get(theirs):
            card[ours] = str(user[theirs])[:100]
    if user.get("PERSONAL_GENDER") in ("M", "F"):
        card["gender"] = user["PERSONAL_GENDER"].lower()
    extension = str(user.get("UF_PHONE_INNER") or "").strip()
    if user.get("ACTIVE") is True and extension.isdigit() and len(extension) <= 6:
        card["extension"] = extension
    return card


def is_ours(tokens):
    """Whether a webhook has one of the application tokens."""

    def check(_path, body):
        auth = parse_form(body).get("auth")
        told = auth.get("application_token") if isinstance(auth, dict) else None
        return bool(told) and any([same(told, token) for token in tokens])

    return check


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    portal = Bitrix24(need("BITRIX24_REST"))
    vizavi = Vizavi(need("VIZAVI_URL"), need("VIZAVI_TOKEN"))
    if sys.argv[1:] == ["employees"]:
        everybody = employees(portal)
        vizavi.send("employees", everybody)
        print(f"{len(everybody)} employees sent")
        return
    queue = Queue(os.environ.get("QUEUE", "bitrix24.sqlite3"))
    tokens = need("BITRIX24_TOKENS", 16).split()
    serve(os.environ.get("LISTEN", "127.0.0.1:8091"), queue, vizavi, translator(portal), is_ours(tokens))


if __name__ == "__main__":
    try:
        main()
    except (Later, Refused) as reason:
        raise SystemExit(str(reason)) from None
