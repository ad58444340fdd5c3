"""Who may see the pages that belong to no room: for developers, the played telephones, the sign-in and the admin."""

from tests.support.walk import Pages, Stop, data

PAGES: Pages = {
    "developers": (Stop(),),
    "simulator:page": (Stop(arguments=lambda _: ["whatsapp"]), Stop(arguments=lambda _: ["x"])),
    "account_login": (Stop(),),
    "account_reset_password": (Stop(),),
    "account_logout": (Stop(("kun",)),),
    "admin:index": (Stop(("agus",)),),
    "admin:reports_category_changelist": (Stop(("agus",)),),
    "admin:agencies_user_changelist": (Stop(("agus",)),),
    "admin:agencies_agency_changelist": (Stop(("agus",)),),
    "admin:agencies_agency_merge": (Stop(("agus",), arguments=lambda town: [town.people.roads.pk]),),
    "openapi": data(),
    "openapi_open311": data(),
}
