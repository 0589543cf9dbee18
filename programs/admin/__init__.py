"""The administration of this app; what moves a status or money goes through services."""

from programs.admin.funds import FundAdmin
from programs.admin.opportunities import OpportunityAdmin
from programs.admin.places import CityAdmin, DistrictAdmin
from programs.admin.programs import ProgramAdmin
from programs.admin.providers import ProviderAdmin
from programs.admin.school_holidays import SchoolHolidayAdmin
from programs.admin.telephones import HelpTelephoneAdmin

__all__ = [
    "CityAdmin",
    "DistrictAdmin",
    "FundAdmin",
    "HelpTelephoneAdmin",
    "OpportunityAdmin",
    "ProgramAdmin",
    "ProviderAdmin",
    "SchoolHolidayAdmin",
]
