# One image per process; EXTRA picks the libraries of its models: nothing (gateway), vision, audio or vlm.
#   docker build --build-arg EXTRA=audio --tag reelscribe-audio .
# About 250 MB for the gateway; with torch and its CUDA libraries (vision, vlm) about 7 GB.
FROM python:3.11-slim-bookworm AS build
# Extras of pyproject.toml, separated by commas.
ARG EXTRA=""
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /src
COPY pyproject.toml hatch_build.py requirements-dev.txt README.md LICENSE ./
COPY protos protos
COPY reelscribe reelscribe
COPY services services
COPY gateway gateway
# The constraints carry hashes: what the registry gives must be, byte for byte, what was tested.
RUN --mount=type=cache,target=/var/cache/uv \
    export UV_CACHE_DIR=/var/cache/uv && uv venv /opt/reelscribe \
    && uv pip install --python /opt/reelscribe/bin/python --constraint requirements-dev.txt ".[${EXTRA}]"
# librosa compiles what it uses when it is used first: half a minute that no service should start with.
ENV NUMBA_CACHE_DIR=/opt/reelscribe/numba
RUN mkdir "${NUMBA_CACHE_DIR}" \
    && case ",${EXTRA}," in *,audio,*) /opt/reelscribe/bin/python -c \
        "from services.audio.music.account import warm_up; warm_up()";; esac \
    && chmod -R a+rwX "${NUMBA_CACHE_DIR}"

FROM python:3.11-slim-bookworm
# Files that processes share (media, weights) belong to one number, whatever the image.
RUN groupadd --gid 10001 reelscribe \
    && useradd --uid 10001 --gid 10001 --create-home reelscribe \
    && mkdir /media/reelscribe /weights \
    && chown reelscribe:reelscribe /media/reelscribe /weights
COPY --from=build /opt/reelscribe /opt/reelscribe
ENV PATH=/opt/reelscribe/bin:$PATH \
    NUMBA_CACHE_DIR=/opt/reelscribe/numba \
    PYTHONUNBUFFERED=1 \
    REELSCRIBE_LOG_FORMAT=json \
    REELSCRIBE_MEDIA__DIRECTORY=/media/reelscribe \
    REELSCRIBE_MODEL_DIR=/weights
USER 10001:10001
WORKDIR /home/reelscribe
ENTRYPOINT ["reelscribe"]
CMD ["--help"]
