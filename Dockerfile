# The server in one image. The pages are built in the first stage with the same command
# that `make run` uses; the second holds what runs.
FROM python:3.12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /indelible
COPY requirements.lock pyproject.toml hatch_build.py README.md LICENSE Makefile ./
COPY package.json package-lock.json .npmrc ./
COPY schemas schemas
COPY mobile_forms mobile_forms
COPY analytics analytics
COPY api api
RUN make pages && rm -rf node_modules

FROM python:3.12-slim
WORKDIR /indelible
COPY --from=build /indelible /indelible
RUN useradd --system --create-home --home-dir /var/lib/indelible indelible
USER indelible
ENV INDELIBLE_HOME=/var/lib/indelible/home PATH=/indelible/.venv/bin:$PATH
EXPOSE 8000
HEALTHCHECK --interval=10s --start-period=60s CMD ["python", "-c", "import httpx; httpx.get('http://127.0.0.1:8000/readyz').raise_for_status()"]
CMD ["indelible", "serve", "--host", "0.0.0.0", "--port", "8000"]
