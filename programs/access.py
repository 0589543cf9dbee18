"""Who may see and change what: the one way to every object of a provider.

A coordinator reaches only what belongs to their provider, the youth office reaches all. What may not be seen
does not exist: these functions raise Http404, never 403, so that ids tell nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.models import User
from foundation.actors import Actor, staff
from programs.domain.invitations import InvitationStatus
from programs.domain.roles import WiderRole
from programs.models import (
    Absence,
    ApiToken,
    Closure,
    DataImport,
    Invitation,
    Membership,
    Opportunity,
    Provider,
    TextDraft,
    Webhook,
)
from programs.models import Role as RoleOfTask
from programs.selectors.text_drafts import open_drafts, texts_with_names

if TYPE_CHECKING:
    Someone = User | AnonymousUser
    View = Callable[..., HttpResponseBase]

Role = Membership.Role


def sees_whole_city(user: "Someone") -> bool:
    """True for superusers and coordinators of the youth office."""
    if not user.is_authenticated:
        return False
    return (
        user.is_superuser
        or Membership.objects.filter(
            user_id=user.pk, provider__is_youth_office=True, role=Role.COORDINATOR
        ).exists()
    )


def providers_of(user: "Someone", role: Membership.Role = Role.COORDINATOR) -> QuerySet[Provider]:
    """Return the providers for which `user` acts in `role`; everything for the youth office as coordinator.

    Superusers reach all but the clearances: those belong to the safeguarding officer of that provider alone.
    """
    if not user.is_authenticated:
        return Provider.objects.none()
    if _operates(user, role):
        return Provider.objects.all()
    own = Membership.objects.filter(user_id=user.pk, role=role)
    reach = Q(Exists(own.filter(provider=OuterRef("pk"))))
    if role == Role.COORDINATOR:
        reach |= Q(Exists(own.filter(provider__is_youth_office=True)))
    return Provider.objects.filter(reach)


def _operates(user: "Someone", role: Membership.Role) -> bool:
    return user.is_superuser and role != Role.SAFEGUARDING_OFFICER


def houses_of(user: "Someone") -> QuerySet[Provider]:
    """Return the providers whose daily work is `user`'s: where they coordinate themselves.

    Who sees the whole city also looks after those where nobody coordinates: nothing lies there unseen.
    """
    if not user.is_authenticated:
        return Provider.objects.none()
    coordinating = Membership.objects.filter(role=Role.COORDINATOR, provider=OuterRef("pk"))
    mine = Q(Exists(coordinating.filter(user_id=user.pk)))
    if sees_whole_city(user):
        mine |= Q(~Exists(coordinating.filter(user__is_active=True)))
    return Provider.objects.filter(mine)


def within_reach(user: "Someone", path: str = "provider", role: Membership.Role = Role.COORDINATOR) -> Q:
    """Return a filter for rows whose provider (at lookup `path`) is within `user`'s reach in `role`."""
    return Q(**{f"{path}__in": providers_of(user, role)})


def access_provider(user: "Someone", slug: str, role: Membership.Role = Role.COORDINATOR) -> Provider:
    """Return the provider `slug` if `user` acts for it in `role`. Raises Http404."""
    provider = providers_of(user, role).filter(slug=slug).first()
    if provider is None:
        raise Http404
    return provider


def access_opportunity(user: "Someone", pk: int) -> Opportunity:
    """Return the opportunity if its provider is within `user`'s reach. Raises Http404."""
    rows = Opportunity.objects.select_related("provider", "district").prefetch_related(
        Prefetch("roles", RoleOfTask.objects.select_related("activity__current"))
    )
    opportunity = rows.filter(within_reach(user), pk=pk).first()
    if opportunity is None:
        raise Http404
    return opportunity


def access_role(user: "Someone", pk: int) -> RoleOfTask:
    """Return the role of a task within `user`'s reach. Raises Http404."""
    roles = RoleOfTask.objects.select_related("opportunity__provider", "activity__current")
    role = roles.filter(within_reach(user, "opportunity__provider"), pk=pk).first()
    if role is None:
        raise Http404
    return role


def access_closure(user: "Someone", pk: int) -> Closure:
    """Return the closure of a task within `user`'s reach. Raises Http404."""
    closures = Closure.objects.select_related("opportunity")
    closure = closures.filter(within_reach(user, "opportunity__provider"), pk=pk).first()
    if closure is None:
        raise Http404
    return closure


def text_drafts_of(user: "Someone", *, sees_city: bool) -> QuerySet[TextDraft]:
    """Return the published words that wait for a second person within `user`'s reach.

    Those of no provider are for who sees the whole city.
    """
    reach = within_reach(user) | Q(provider=None) if sees_city else within_reach(user)
    return open_drafts().filter(reach)


def texts_within_reach(user: "Someone") -> QuerySet[TextDraft]:
    """Return the texts that wait or waited for a second person within `user`'s reach, with their names."""
    reach = within_reach(user)
    return texts_with_names().filter(reach | Q(provider=None) if sees_whole_city(user) else reach)


def access_text_draft(user: "Someone", pk: int) -> TextDraft:
    """Return words that wait within `user`'s reach. Raises Http404."""
    draft = text_drafts_of(user, sees_city=sees_whole_city(user)).filter(pk=pk).first()
    if draft is None:
        raise Http404
    return draft


def staffed_by(user: "Someone") -> QuerySet[Provider]:
    """Return the providers whose people `user` invites: all for the whole city, else those of the owner.

    An owner does so only as long as the provider is verified.
    """
    if sees_whole_city(user):
        return Provider.objects.all()
    return providers_of(user, Role.OWNER).filter(is_verified=True)


def staffs(user: "Someone") -> bool:
    """True if `user` may invite people to any provider."""
    return sees_whole_city(user) or staffed_by(user).exists()


def access_membership(user: "Someone", pk: int) -> Membership:
    """Return a role at a provider whose people `user` invites. Raises Http404."""
    rows = Membership.objects.select_related("user", "provider")
    membership = rows.filter(provider__in=staffed_by(user), pk=pk).first()
    if membership is None:
        raise Http404
    return membership


def access_invitation(user: "Someone", pk: int) -> Invitation:
    """Return an open invitation to a provider whose people `user` invites. Raises Http404."""
    rows = Invitation.objects.select_related("provider").filter(status=InvitationStatus.OPEN)
    invitation = rows.filter(provider__in=staffed_by(user), pk=pk).first()
    if invitation is None:
        raise Http404
    return invitation


def access_api_token(user: "Someone", pk: int) -> ApiToken:
    """Return a key of a provider whose people `user` invites. Raises Http404."""
    token = ApiToken.objects.filter(provider__in=staffed_by(user), pk=pk).first()
    if token is None:
        raise Http404
    return token


def imports_within_reach(user: "Someone") -> QuerySet[DataImport]:
    """Return the files brought in for providers within `user`'s reach; the city's for who sees all of it."""
    reach = within_reach(user)
    rows = DataImport.objects.select_related("provider", "begun_by", "released_by")
    return rows.filter(reach | Q(provider=None) if sees_whole_city(user) else reach)


def access_import(user: "Someone", pk: int) -> DataImport:
    """Return a file brought in within `user`'s reach. Raises Http404."""
    run = imports_within_reach(user).filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def access_webhook(user: "Someone", pk: int) -> Webhook:
    """Return an address that a provider's program is told at, ended or not. Raises Http404."""
    rows = Webhook.objects.select_related("provider", "created_by").filter(
        provider__in=staffed_by(user), pk=pk
    )
    webhook = rows.first()
    if webhook is None:
        raise Http404
    return webhook


def inviter_actor(user: User) -> Actor:
    """Return `user` as the history names them where they give and take roles."""
    if user.is_superuser:
        return staff(user.pk, WiderRole.OPERATOR)
    return staff(user.pk, WiderRole.YOUTH_OFFICE if sees_whole_city(user) else Role.OWNER)


def access_absence(user: "Someone", pk: int) -> Absence:
    """Return one's own absence. Raises Http404."""
    absence = Absence.objects.filter(user_id=user.pk or 0, pk=pk).first()
    if absence is None:
        raise Http404
    return absence


def acts_in(user: "Someone", role: Membership.Role = Role.COORDINATOR) -> bool:
    """True if `user` acts in `role` for any provider; an operator also before there is one."""
    return _operates(user, role) or providers_of(user, role).exists()


def actor_of(user: "Someone", role: Membership.Role = Role.COORDINATOR) -> Actor:
    """Return `user`, acting in `role`, as the history names them.

    Who reaches further than a membership in `role` is named for that: the operator, the youth office.
    """
    assert user.pk is not None
    if _operates(user, role):
        return staff(user.pk, WiderRole.OPERATOR)
    if role == Role.COORDINATOR and sees_whole_city(user):
        return staff(user.pk, WiderRole.YOUTH_OFFICE)
    return staff(user.pk, role)


def decides_activities(user: "Someone") -> bool:
    """True for the youth office's safeguarding officers, who say what a kind of task asks for."""
    return _at_youth_office(user, {Role.SAFEGUARDING_OFFICER})


def releases_activities(user: "Someone") -> bool:
    """True for whoever may be the second person beside them: also the youth office's coordination."""
    return _at_youth_office(user, {Role.SAFEGUARDING_OFFICER, Role.COORDINATOR})


def office_actor(user: User) -> Actor:
    """Return `user` as the history names them where the youth office decides about activities."""
    return staff(user.pk, Role.SAFEGUARDING_OFFICER if decides_activities(user) else WiderRole.YOUTH_OFFICE)


def _at_youth_office(user: "Someone", roles: set[Membership.Role]) -> bool:
    if not user.is_authenticated:
        return False
    rows = Membership.objects.filter(user_id=user.pk, provider__is_youth_office=True, role__in=roles)
    return rows.exists()


def hand_of(user: User) -> Actor:
    """Return `user` as the history names them where no single role opened the door: with all they have."""
    roles = set(Membership.objects.filter(user_id=user.pk).values_list("role", flat=True))
    if user.is_superuser or user.is_staff:
        roles.add(WiderRole.OPERATOR)
    return staff(user.pk, ", ".join(sorted(roles)))


def _required(allows: "Callable[[Someone], bool]") -> "Callable[[View], View]":
    def guard(view: "View") -> "View":
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not allows(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return guard


def role_required(role: Membership.Role) -> "Callable[[View], View]":
    """Let only people in who act in `role` somewhere: sign-in page for strangers, 403 for everybody else."""
    return _required(lambda user: acts_in(user, role))


coordinator_required = role_required(Role.COORDINATOR)
whole_city_required = _required(sees_whole_city)
staffing_required = _required(staffs)
activity_reader_required = _required(releases_activities)
activity_writer_required = _required(decides_activities)
