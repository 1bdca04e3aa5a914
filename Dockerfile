# One image for web, worker and beat; docker-compose.yml says which is which.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements/build.txt requirements/build.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/build.txt
COPY . .
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

FROM python:3.13-slim
# The number is fixed so that rights on files can be given to it from outside.
RUN useradd --system --uid 10001 --no-create-home --home-dir /app aftercare && mkdir /app
WORKDIR /app
COPY requirements/runtime.txt /tmp/runtime.txt
RUN pip install --no-cache-dir --require-hashes -r /tmp/runtime.txt
COPY --from=build /wheels /tmp/wheels
RUN pip install --no-cache-dir --no-deps /tmp/wheels/*.whl && rm -r /tmp/wheels /tmp/runtime.txt
# The file system is read-only in docker-compose.yml: nothing is to be compiled or kept there.
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 AFTERCARE_DATA_DIR=/tmp/aftercare
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["aftercare", "serve", "--host", "0.0.0.0", "--port", "8000"]
