"""Addresses of "Meine Seite": one mailbox, opened by a link instead of a password."""

from django.urls import path

from citizens import webhooks
from citizens.views import addresses, asking, erasing, my_page, unsubscribing

urlpatterns = [
    path("meins/", asking.my_page_link, name="my_page_link"),
    path("meins/gesendet/", asking.my_page_link_sent, name="my_page_link_sent"),
    path("meins/bestaetigen/", asking.my_page_step_sent, name="my_page_step_sent"),
    path("meins/geloescht/", erasing.my_page_erased, name="my_page_erased"),
    path("meins/anfordern/<str:token>/", asking.my_page_ask, name="my_page_ask"),
    path("meins/loeschen/<str:token>/", erasing.my_page_erase_step, name="my_page_erase_step"),
    path("meins/adresse/gesendet/", addresses.my_address_sent, name="my_address_sent"),
    path("meins/adresse/wartet/", addresses.my_address_waits, name="my_address_waits"),
    path("meins/adresse/umgezogen/", addresses.my_address_moved, name="my_address_moved"),
    path("meins/adresse/geblieben/", addresses.my_address_kept, name="my_address_kept"),
    path("meins/adresse/neu/<str:token>/", addresses.my_address_confirm, name="my_address_confirm"),
    path("meins/adresse/halt/<str:token>/", addresses.my_address_stop, name="my_address_stop"),
    path("meins/abbestellen/<str:kind>/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path(
        "meins/abbestellen/<str:kind>/<str:token>/doch/",
        unsubscribing.unsubscribe_undo,
        name="unsubscribe_undo",
    ),
    path("meins/<str:token>/", my_page.my_page, name="my_page"),
    path("meins/<str:token>/einstellungen/", my_page.my_settings, name="my_settings"),
    path("meins/<str:token>/adresse/", addresses.my_address, name="my_address"),
    path("meins/<str:token>/links/", my_page.my_links, name="my_links"),
    path("meins/<str:token>/auskunft/", my_page.my_data, name="my_data"),
    path("meins/<str:token>/auskunft.json", my_page.my_data_file, name="my_data_file"),
    path("meins/<str:token>/loeschen/", erasing.my_page_erase, name="my_page_erase"),
    path("post/zustellbericht/", webhooks.delivery_report, name="delivery_report"),
]
