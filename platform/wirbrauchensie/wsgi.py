import os

from django.core.wsgi import get_wsgi_application

from foundation.charsets import utf8_gate

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wirbrauchensie.settings")

application = utf8_gate(get_wsgi_application())
