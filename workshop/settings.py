"""The product's settings with the demo beside it: what a checkout runs and tests."""

from wirbrauchensie.settings import *  # noqa: F403
from wirbrauchensie.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = ["workshop.demo", *PRODUCT_APPS]
ROOT_URLCONF = "workshop.urls"
