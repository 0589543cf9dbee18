from programs.models.absence import Absence
from programs.models.activity import Activity, ActivityQuestion, ActivityVersion
from programs.models.api_token import ApiAnswer, ApiToken
from programs.models.city import City
from programs.models.data_import import DataImport, ImportedRow
from programs.models.declaration import Declaration
from programs.models.district import District, DistrictFigure
from programs.models.fund import Fund, FundUpdate
from programs.models.help_telephone import HelpTelephone
from programs.models.invitation import Invitation
from programs.models.notice import Notice
from programs.models.opportunity import Opportunity, WeeklySlot
from programs.models.program import Program
from programs.models.provider import Membership, Provider
from programs.models.role import Role
from programs.models.school_holiday import DatesToFollow, SchoolHoliday
from programs.models.shift import Closure, Shift, ShiftRole, ShiftSeries
from programs.models.text_draft import TextDraft
from programs.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "Absence",
    "Activity",
    "ActivityQuestion",
    "ActivityVersion",
    "ApiAnswer",
    "ApiToken",
    "City",
    "Closure",
    "DataImport",
    "DatesToFollow",
    "Declaration",
    "District",
    "DistrictFigure",
    "Fund",
    "FundUpdate",
    "HelpTelephone",
    "ImportedRow",
    "Invitation",
    "Membership",
    "Notice",
    "Opportunity",
    "Program",
    "Provider",
    "Role",
    "SchoolHoliday",
    "Shift",
    "ShiftRole",
    "ShiftSeries",
    "TextDraft",
    "Webhook",
    "WebhookDelivery",
    "WeeklySlot",
]
