"""How much each factor of the ranking weighs: said by a coordinator, seen by everybody at the desk."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.issues import policy
from kanal.issues.models import Weighing
from kanal.issues.policy import Doer
from kanal.issues.queries.ranked import forget, weights
from kanal.issues.ranking import MOST_WEIGHT, Factor


@transaction.atomic
def weigh(*, told: Mapping[Factor, int], by: Doer) -> None:
    """Say how much each factor weighs, 0 to MOST_WEIGHT, one of them at least 1. Saying the same again does nothing."""
    policy.check_weights(by)
    if set(told) != set(Factor) or not all(0 <= weight <= MOST_WEIGHT for weight in told.values()):
        sentence = _("Isi bobot setiap ukuran dengan angka 0 sampai %(most)s.")
        raise Refused(sentence % {"most": MOST_WEIGHT}, status=400, code="wrong_weight")
    if not any(told.values()):
        raise Refused(_("Paling sedikit satu ukuran harus berbobot."), status=400, code="no_weight")
    if dict(told) == weights():
        return
    kept = {factor.value: weight for factor, weight in told.items()}
    Weighing.objects.create(weights=kept, user_id=by.user_id or 0, at=timezone.now())  # a coordinator has an account
    forget()
