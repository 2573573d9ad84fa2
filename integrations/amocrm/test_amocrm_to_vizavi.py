"""What webhooks of amoCRM become. Run: python3 -m unittest discover -s integrations/amocrm"""

import os
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import amocrm_to_vizavi as amo
from vizavi_queue import Queue, work_once

CONTACT = {"contacts[add][0][id]": "40", "contacts[add][0][name]": "Петров Иван",
           "contacts[add][0][type]": "contact", "contacts[add][0][responsible_user_id]": "7",
           "contacts[add][0][linked_leads_id][25][ID]": "25",
           "contacts[add][0][custom_fields][0][code]": "PHONE",
           "contacts[add][0][custom_fields][0][values][0][value]": "8 (495) 926-26-44"}
NOTE = {"leads[note][0][note][id]": "60", "leads[note][0][note][note_type]": "10",
        "leads[note][0][note][element_id]": "25", "leads[note][0][note][element_type]": "2",
        "leads[note][0][note][main_user_id]": "7",
        "leads[note][0][note][date_create]": "2026-11-20 12:00:00"}


def lead(action="add", **fields):
    told = {"id": "25", "status_id": "100", "responsible_user_id": "7", "created_at": "1795158900",
            "updated_at": "1795162500", **fields}
    return {f"leads[{action}][0][{name}]": value for name, value in told.items()}


class Receiver:
    def __init__(self):
        self.events, self.clients = [], []

    def send(self, kind, things):
        getattr(self, kind).extend(things)


class Asked(amo.AmoCrm):
    def client_of_lead(self, _number):
        return "contact-41"


class Translated(unittest.TestCase):
    def setUp(self):
        self.now = 1_000.0
        self.queue = Queue(":memory:", clock=lambda: self.now)
        self.amocrm, self.vizavi = amo.AmoCrm(), Receiver()

    def take(self, *forms):
        for form in forms:
            self.queue.put(urllib.parse.urlencode(form))
            self.now += 1
        while work_once(self.queue, self.vizavi, amo.translator(self.amocrm, self.queue)):
            pass

    def test_a_contact_is_a_client_with_its_telephones(self):
        self.take(CONTACT)
        [card] = self.vizavi.clients
        self.assertEqual((card["id"], card["first"], card["phones"]),
                         ("contact-40", "Петров Иван", ["8 (495) 926-26-44"]))

    def test_a_lead_is_the_contacts_that_named_it(self):
        self.take(CONTACT, lead())
        [event] = self.vizavi.events
        self.assertEqual((event["id"], event["type"], event["client"], event["employee"], event["time"]),
                         ("lead-25-created", "order.placed", "contact-40", "7", "2026-11-20T07:15:00+00:00"))

    def test_the_telephone_will_show_what_a_lead_is_called_or_its_number(self):
        self.take(CONTACT, lead(name=" Окна для дачи "))
        self.assertEqual(self.vizavi.events[0]["about"], "сделка Окна для дачи")
        self.assertEqual(amo.about("сделка", None, "26"), "сделка 26")

    def test_a_lead_that_comes_before_its_contact_waits_for_it(self):
        self.take(lead(), CONTACT)
        self.assertEqual((self.vizavi.events, self.queue.counts()), ([], (1, 0)))
        self.now += 10
        self.take()
        self.assertEqual([one["client"] for one in self.vizavi.events], ["contact-40"])

    def test_a_lead_of_nobody_is_refused_in_the_end(self):
        self.take(lead())
        for _ in range(amo.ATTEMPTS_FOR_A_CLIENT):
            self.now += 600
            self.take()
        self.assertEqual((self.vizavi.events, self.queue.counts()), ([], (0, 1)))

    def test_what_the_api_says_holds_before_what_was_remembered(self):
        self.amocrm = Asked()
        self.take(CONTACT, lead())
        self.assertEqual(self.vizavi.events[0]["client"], "contact-41")

    def test_a_won_or_lost_lead_closes_its_case(self):
        for status in (amo.WON, amo.LOST):
            self.vizavi.events.clear()
            self.take(CONTACT, lead("status", status_id=status))
            closed = self.vizavi.events[1]
            self.assertEqual((closed["type"], closed["case"], closed["time"]),
                             ("order.completed", "lead-25", "2026-11-20T08:15:00+00:00"))

    def test_a_deleted_lead_is_cancelled(self):
        self.take(CONTACT, lead(), {"leads[delete][0][id]": "25"})
        self.assertEqual([one.get("cancelled") for one in self.vizavi.events], [None, True])

    def test_a_note_about_a_call_is_a_call(self):
        self.take(CONTACT, {**NOTE, "leads[note][0][note][text]": '{"DURATION": 61}'})
        [event] = self.vizavi.events
        self.assertEqual((event["type"], event["client"], event["case"], event["time"]),
                         ("call.talked", "contact-40", "lead-25", "2026-11-20T12:00:00+03:00"))

    def test_a_call_that_took_no_time_was_missed(self):
        self.take(CONTACT, {**NOTE, "leads[note][0][note][text]": '{"DURATION": "0"}'})
        self.assertEqual(self.vizavi.events[0]["type"], "call.missed")

    def test_other_notes_are_nothing(self):
        self.take(CONTACT, {**NOTE, "leads[note][0][note][note_type]": "4"})
        self.assertEqual(self.vizavi.events, [])


class Secret(unittest.TestCase):
    def test_only_the_secret_address_is_ours(self):
        ours = amo.is_ours("s" * 16)
        self.assertTrue(ours("/amocrm/" + "s" * 16, ""))
        for path in ("/amocrm/", "/amocrm/" + "s" * 15, "/" + "s" * 16, "/amocrm/щ"):
            self.assertFalse(ours(path, ""))


if __name__ == "__main__":
    unittest.main()
