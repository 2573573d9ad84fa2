#!/usr/bin/env python3
"""Takes the webhooks of amoCRM and sends what they mean to vizavi.

A webhook of amoCRM has the fields of a lead, but not whose it is. That is known from the contact's own
webhook, or asked by the API if there is a long-lived token. Settings are environment variables:

  VIZAVI_URL, VIZAVI_TOKEN   where vizavi is; a token with the scope `write`
  AMOCRM_SECRET              the end of the webhooks' address: https://…/amocrm/SECRET
  AMOCRM_URL, AMOCRM_TOKEN   https://SUBDOMAIN.amocrm.ru and a long-lived token; may be left out
  AMOCRM_UTC_OFFSET          of times that come without one: +03:00 unless it is set
  LISTEN                     127.0.0.1:8092 unless it is set
  QUEUE                      amocrm.sqlite3 unless it is set
"""

import json
import logging
import os
import sys
from datetime import datetime, timezone

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from vizavi_queue import Later, Queue, Refused, Vizavi, fetch, need, same, serve

# What the objects of amoCRM are to the rating. The types are those of vizavi's settings.
LEAD_CREATED = "order.placed"
LEAD_CLOSED = "order.completed"
CALL = "call.talked"
CALL_MISSED = "call.missed"

WON, LOST = "142", "143"  # The same in every pipeline.
INCOMING_CALL, OUTGOING_CALL = "10", "11"
CONTACT, LEAD, COMPANY = "1", "2", "3"
ATTEMPTS_FOR_A_CLIENT = 6


class AmoCrm:
    """Asks amoCRM whose a lead is. Without a token it is not asked."""

    def __init__(self, address="", token=""):
        self.address = address.rstrip("/")
        self.token = token

    def client_of_lead(self, number):
        if not self.token:
            return None
        url = f"{self.address}/api/v4/leads/{number}?with=contacts"
        status, answer = fetch(url, headers={"Authorization": f"Bearer {self.token}"})
        if status in (204, 404):
            return None
        if status != 200:
            raise Later(f"amoCRM answered {status}")
        try:
            embedded = json.loads(answer).get("_embedded") or {}
        except ValueError:
            raise Later("amoCRM answered with no JSON") from None
        contacts = sorted(embedded.get("contacts") or [], key=lambda one: not one.get("is_main"))
        if contacts:
            return f"contact-{contacts[0]['id']}"
        companies = embedded.get("companies") or []
        return f"company-{companies[0]['id']}" if companies else None


def translator(amocrm, queue, offset="+03:00"):
    """What a webhook means, for vizavi_queue.work_once."""

    def translate(form, _version, attempts):
        results = []
        # Contacts first: they tell whose the leads are.
        for kind in ("contacts", "companies"):
            for action in ("add", "update"):
                results += [contact(queue, kind, one) for one in items(form, kind, action)]
        leads = {}
        for action in ("add", "update", "responsible", "status"):
            for one in items(form, "leads", action):
                leads[number_of(one)] = one
        results += [lead(amocrm, queue, one, attempts) for one in leads.values()]
        for one in items(form, "leads", "delete"):
            results.append((f"lead-{number_of(one)}", [], []))
        for kind in ("contacts", "companies", "leads"):
            for one in items(form, kind, "note"):
                note = one.get("note") if isinstance(one.get("note"), dict) else one
                results += call(amocrm, queue, note, attempts, offset)
        return results

    return translate


def items(form, kind, action):
    group = form.get(kind)
    listed = group.get(action) if isinstance(group, dict) else None
    return [one for one in listed.values() if isinstance(one, dict)] if isinstance(listed, dict) else []


def number_of(one, field="id"):
    number = str(one.get(field) or "")
    if not number.isdigit() or number == "0":
        raise Refused(f"the webhook has no {field}")
    return number


def contact(queue, kind, one):
    """A contact's or company's card. Its leads are remembered."""
    is_company = kind == "companies" or one.get("type") == "company"
    client = f"{'company' if is_company else 'contact'}-{number_of(one)}"
    linked = one.get("linked_leads_id")
    for lead_number in linked if isinstance(linked, dict) else ():
        if lead_number.isdigit() and not (is_company and queue.linked(f"lead-{lead_number}")):
            queue.link(f"lead-{lead_number}", client)
    card = {"id": client, "phones": phones(one)}
    name = str(one.get("name") or "").strip()[:100]
    if is_company and name:
        card["organisation"] = name
    elif one.get("first_name") or one.get("last_name"):
        card["first"], card["last"] = one.get("first_name", ""), one.get("last_name", "")
    elif name:
        card["first"] = name  # One field for the whole name: it is not taken apart.
    return client, [], [card]


def phones(one):
    """The values of the field with the code PHONE."""
    found = []
    for field in nested(one.get("custom_fields")):
        if field.get("code") == "PHONE":
            found += [str(value["value"]) for value in nested(field.get("values")) if value.get("value")]
    return found[:20]


def nested(place):
    return [one for one in place.values() if isinstance(one, dict)] if isinstance(place, dict) else []


def lead(amocrm, queue, one, attempts):
    """A lead: its creation opens a case, its end closes it."""
    object_id = f"lead-{number_of(one)}"
    employee = str(one.get("responsible_user_id") or "0")
    if employee == "0":
        return object_id, [], []
    client = whose(amocrm, queue, object_id, attempts)
    common = {"client": client, "employee": employee, "case": object_id,
              "about": about("сделка", one.get("name"), number_of(one))}
    created = moment(one.get("created_at") or one.get("date_create"))
    changed = moment(one.get("updated_at") or one.get("last_modified"), created)
    events = [{"id": f"{object_id}-created", "type": LEAD_CREATED, "time": created, **common}]
    if str(one.get("status_id")) in (WON, LOST):
        events.append({"id": f"{object_id}-closed", "type": LEAD_CLOSED, "time": changed, **common})
    return object_id, events, []


def about(what, title, number):
    """What the employee's telephone shows behind the client's name. vizavi cuts it at 60 characters."""
    return f"{what} {str(title or '').strip() or number}"


def whose(amocrm, queue, object_id, attempts):
    """The client of a lead. A contact's webhook may come after the lead's: it is waited for."""
    client = amocrm.client_of_lead(object_id.removeprefix("lead-")) or queue.linked(object_id)
    if client:
        return client
    if attempts < ATTEMPTS_FOR_A_CLIENT:
        raise Later(f"whose {object_id} is, is not known yet")
    raise Refused(f"whose {object_id} is, is not known: it has no contact, or AMOCRM_TOKEN is not set")


def call(amocrm, queue, note, attempts, offset):
    """A note about a call; other notes are nothing to the rating."""
    if str(note.get("note_type")) not in (INCOMING_CALL, OUTGOING_CALL):
        return []
    object_id = f"note-{number_of(note)}"
    told = details(note.get("text"))
    employee = next((str(note[name]) for name in ("responsible_user_id", "main_user_id", "created_by")
                     if str(note.get(name) or "0") != "0"), None)
    if not employee:
        return []
    event = {"id": object_id, "employee": employee,
             "type": CALL_MISSED if str(told.get("DURATION", told.get("duration"))) == "0" else CALL,
             "time": moment(note.get("created_at") or note.get("date_create"), offset=offset)}
    owner, number = str(note.get("element_type")), number_of(note, "element_id")
    if owner == LEAD:
        event["case"] = f"lead-{number}"
        event["client"] = whose(amocrm, queue, f"lead-{number}", attempts)
    elif owner in (CONTACT, COMPANY):
        event["client"] = f"{'contact' if owner == CONTACT else 'company'}-{number}"
    else:
        return []
    return [(object_id, [event], [])]


def details(text):
    """What the note of a call has in its text: JSON."""
    if isinstance(text, dict):
        text = text.get("")
    try:
        told = json.loads(text or "")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def moment(value, otherwise=None, offset="+03:00"):
    """A time as the contract has it, of epoch seconds or "2026-11-20 10:15:00"."""
    text = str(value or "").strip()
    if text.isdigit():
        return datetime.fromtimestamp(int(text), timezone.utc).isoformat()
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").isoformat() + offset
    except ValueError:
        pass
    if otherwise:
        return otherwise
    raise Refused("the webhook has no time")


def is_ours(secret):
    """Whether a webhook came to the secret address."""

    def check(path, _body):
        return same(path.split("?")[0], f"/amocrm/{secret}")

    return check


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    queue = Queue(os.environ.get("QUEUE", "amocrm.sqlite3"))
    amocrm = AmoCrm(os.environ.get("AMOCRM_URL", ""), os.environ.get("AMOCRM_TOKEN", ""))
    translate = translator(amocrm, queue, os.environ.get("AMOCRM_UTC_OFFSET", "+03:00"))
    vizavi = Vizavi(need("VIZAVI_URL"), need("VIZAVI_TOKEN"))
    secret = need("AMOCRM_SECRET", 16)
    serve(os.environ.get("LISTEN", "127.0.0.1:8092"), queue, vizavi, translate, is_ours(secret), pause=0.2)


if __name__ == "__main__":
    main()
