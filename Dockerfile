# boardpack as a server: `docker build -t boardpack .`, then see "In a container" in the README.

FROM rust:1.95.0-slim-bookworm AS build
# The bundled SQLite and ring are C.
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Cargo.toml Cargo.lock build.rs ./
COPY crates crates
# The dependencies alone first, so that a change of our own code does not build them again. The benchmarks are named in
# Cargo.toml and must be there, though they are not built.
RUN mkdir src benches && touch src/lib.rs && echo 'fn main() {}' | tee src/main.rs benches/evaluate.rs > benches/render.rs \
    && cargo build --release --locked && rm -rf src
COPY config config
COPY fonts fonts
COPY report_templates report_templates
COPY starter starter
COPY src src
RUN touch src/main.rs src/lib.rs && cargo build --release --locked

FROM debian:12.11-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 65532 -g 65532 /var/lib/boardpack
COPY --from=build /build/target/release/boardpack /usr/local/bin/boardpack
COPY LICENSE-MIT LICENSE-APACHE fonts/OFL-SourceSans3.txt /usr/share/doc/boardpack/
USER 65532:65532
# Settings, returns and packs live here and, in state/, the ledger and the archive: mount a volume on it.
WORKDIR /var/lib/boardpack
VOLUME /var/lib/boardpack
# `serve` beats its heart each minute; `health` is the binary's own check of it.
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 CMD ["boardpack", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["boardpack"]
CMD ["serve"]
