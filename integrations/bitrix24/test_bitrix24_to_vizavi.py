"""What webhooks of Bitrix24 become. Run: python3 -m unittest discover -s integrations/bitrix24"""

import os
import sys
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bitrix24_to_vizavi as bitrix
from vizavi_queue import Later, Queue, Refused, parse_form, server, work_once

CONTACT = {"ID": "12", "NAME": "Иван", "LAST_NAME": "Петров",
           "PHONE": [{"VALUE": "8 (495) 926-26-44", "VALUE_TYPE": "WORK"}]}
DEAL = {"ID": "5", "ASSIGNED_BY_ID": "7", "CONTACT_ID": "12", "COMPANY_ID": "0", "CLOSED": "N",
        "DATE_CREATE": "2026-11-20T10:15:00+03:00", "DATE_MODIFY": "2026-11-20T11:00:00+03:00"}
CALL = {"ID": "9", "TYPE_ID": "2", "DIRECTION": "1", "COMPLETED": "Y", "RESPONSIBLE_ID": "7",
        "START_TIME": "2026-11-20T12:00:00+03:00", "OWNER_TYPE_ID": "2", "OWNER_ID": "5",
        "COMMUNICATIONS": [{"TYPE": "PHONE", "VALUE": "+74959262644", "ENTITY_TYPE_ID": "3",
                            "ENTITY_ID": "12"}]}


class Portal:
    def __init__(self, **objects):
        self.objects = {"crm.contact.get": CONTACT, "crm.deal.get": DEAL, "crm.activity.get": CALL}
        self.objects.update({name.replace("_", "."): value for name, value in objects.items()})
        self.away = False

    def get(self, method, _number):
        if self.away:
            raise Later("away")
        return self.objects.get(method)


class Receiver:
    def __init__(self):
        self.events, self.clients, self.trouble = [], [], None

    def send(self, kind, things):
        if self.trouble:
            raise self.trouble
        getattr(self, kind).extend(things)


def webhook(event, number="5", token="t" * 32):
    return urllib.parse.urlencode({"event": event, "data[FIELDS][ID]": number, "ts": "1763622900",
                                   "auth[domain]": "x.bitrix24.ru", "auth[application_token]": token})


class Translated(unittest.TestCase):
    def setUp(self):
        self.now = 1_000.0
        self.queue = Queue(":memory:", clock=lambda: self.now)
        self.portal, self.vizavi = Portal(), Receiver()

    def take(self, *bodies):
        for body in bodies:
            self.queue.put(body)
        while work_once(self.queue, self.vizavi, bitrix.translator(self.portal)):
            pass
        self.now += 1

    def test_a_new_deal_opens_a_case_of_its_contact(self):
        self.take(webhook("ONCRMDEALADD"))
        [event] = self.vizavi.events
        self.assertEqual((event["id"], event["type"], event["client"], event["employee"], event["case"]),
                         ("deal-5-created", "order.placed", "contact-12", "7", "deal-5"))
        [card] = self.vizavi.clients
        self.assertEqual((card["id"], card["phones"]), ("contact-12", ["8 (495) 926-26-44"]))

    def test_the_telephone_will_show_what_a_deal_is_called_or_its_number(self):
        for title, about in ((None, "сделка 5"), (" Окна ", "сделка Окна"), ("Сделка #5", "Сделка #5")):
            self.portal.objects["crm.deal.get"] = {**DEAL, "TITLE": title, "CLOSED": "Y"}
            self.vizavi.events.clear()
            self.take(webhook("ONCRMDEALUPDATE"))
            self.assertEqual([one["about"] for one in self.vizavi.events], [about, about])

    def test_the_subject_of_an_email_or_a_meeting_is_what_it_is_about_and_that_of_a_call_is_not(self):
        for kind, about in (("4", "Договор на окна"), ("1", "Договор на окна"), ("2", None)):
            self.portal.objects["crm.activity.get"] = {**CALL, "TYPE_ID": kind, "SUBJECT": "Договор на окна"}
            self.vizavi.events.clear()
            self.take(webhook("ONCRMACTIVITYADD", "9"))
            self.assertEqual(self.vizavi.events[0].get("about"), about)

    def test_a_closed_deal_closes_its_case_and_a_reopened_one_takes_that_back(self):
        self.portal.objects["crm.deal.get"] = {**DEAL, "CLOSED": "Y"}
        self.take(webhook("ONCRMDEALUPDATE"))
        self.assertEqual([one["type"] for one in self.vizavi.events], ["order.placed", "order.completed"])
        self.portal.objects["crm.deal.get"] = DEAL
        self.take(webhook("ONCRMDEALUPDATE"))
        taken_back = self.vizavi.events[-1]
        self.assertEqual((taken_back["id"], taken_back["cancelled"]), ("deal-5-closed", True))
        self.assertGreater(taken_back["version"], self.vizavi.events[1]["version"])

    def test_a_deal_that_goes_to_another_contact_is_cancelled_at_the_first(self):
        self.take(webhook("ONCRMDEALADD"))
        self.portal.objects["crm.deal.get"] = {**DEAL, "CONTACT_ID": "13"}
        self.take(webhook("ONCRMDEALUPDATE"))
        self.assertEqual([(one["client"], one.get("cancelled")) for one in self.vizavi.events],
                         [("contact-12", None), ("contact-13", None), ("contact-12", True)])

    def test_a_deleted_deal_is_cancelled(self):
        self.take(webhook("ONCRMDEALADD"), webhook("ONCRMDEALDELETE"))
        self.assertTrue(self.vizavi.events[-1]["cancelled"])

    def test_a_call_is_the_callers_and_belongs_to_the_deal(self):
        self.take(webhook("ONCRMACTIVITYADD", "9"))
        [event] = self.vizavi.events
        self.assertEqual((event["type"], event["client"], event["case"], event["time"]),
                         ("call.talked", "contact-12", "deal-5", "2026-11-20T12:00:00+03:00"))

    def test_a_missed_call_is_no_talk(self):
        self.portal.objects["crm.activity.get"] = {**CALL, "SETTINGS": {"MISSED_CALL": True}}
        self.take(webhook("ONCRMACTIVITYADD", "9"))
        self.assertEqual(self.vizavi.events[0]["type"], "call.missed")

    def test_a_planned_call_has_not_happened(self):
        self.portal.objects["crm.activity.get"] = {**CALL, "COMPLETED": "N"}
        self.take(webhook("ONCRMACTIVITYADD", "9"))
        self.assertEqual(self.vizavi.events, [])

    def test_a_call_of_a_lead_is_known_by_its_telephone(self):
        self.portal.objects["crm.activity.get"] = {
            **CALL, "OWNER_TYPE_ID": "1", "COMMUNICATIONS": [
                {"TYPE": "PHONE", "VALUE": "84951112233", "ENTITY_TYPE_ID": "1", "ENTITY_ID": "4"}]}
        self.take(webhook("ONCRMACTIVITYADD", "9"), webhook("ONCRMACTIVITYDELETE", "9"))
        self.assertEqual([one["phones"] for one in self.vizavi.events], [["84951112233"]] * 2)
        self.assertNotIn("client", self.vizavi.events[1])

    def test_what_the_portal_or_vizavi_cannot_take_now_is_done_later_in_the_same_version(self):
        self.portal.away = True
        self.take(webhook("ONCRMDEALADD"))
        version = self.queue.base.execute("SELECT version FROM waiting").fetchone()[0]
        self.portal.away, self.vizavi.trouble = False, Later("503")
        self.now += 60
        self.take()
        self.assertEqual((self.vizavi.events, self.queue.counts()), ([], (1, 0)))
        self.vizavi.trouble = None
        self.now += 60
        self.take()
        self.assertEqual([one["version"] for one in self.vizavi.events], [version])
        self.assertEqual(self.queue.counts(), (0, 0))

    def test_what_is_refused_is_kept_with_its_reason_and_stops_nobody(self):
        self.vizavi.trouble = Refused("time can't be read")
        self.take(webhook("ONCRMDEALADD"))
        self.assertEqual(self.queue.counts(), (0, 1))
        self.take("event=ONCRMDEALADD&data=1", webhook("ONCRMDEALADD", "x"))
        self.assertEqual(self.queue.counts(), (0, 3))

    def test_a_dismissed_user_has_no_extension(self):
        user = {"ID": "7", "LAST_NAME": "Чулкова", "ACTIVE": True, "UF_PHONE_INNER": "34"}
        self.assertEqual(bitrix.employee(user)["extension"], "34")
        self.assertNotIn("extension", bitrix.employee({**user, "ACTIVE": False}))


class Taken(unittest.TestCase):
    def setUp(self):
        self.queue = Queue(":memory:")
        self.server = server("127.0.0.1:0", self.queue, bitrix.is_ours(["s" * 32, "t" * 32]))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def post(self, body):
        url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        try:
            with urllib.request.urlopen(url, body.encode(), timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def test_a_webhook_with_a_token_of_ours_is_kept(self):
        self.assertEqual(self.post(webhook("ONCRMDEALADD")), 200)
        self.assertEqual(self.queue.counts(), (1, 0))

    def test_a_webhook_of_somebody_else_is_not(self):
        for body in (webhook("ONCRMDEALADD", token="x"), webhook("ONCRMDEALADD", token=""), "a=1", "auth=1"):
            self.assertEqual(self.post(body), 403)
        self.assertEqual(self.queue.counts(), (0, 0))


class Forms(unittest.TestCase):
    def test_a_value_beside_nested_ones_is_kept(self):
        for body in ("a[b]=1&a[b][c]=2", "a[b][c]=2&a[b]=1"):
            self.assertEqual(parse_form(body), {"a": {"b": {"": "1", "c": "2"}}})


if __name__ == "__main__":
    unittest.main()
