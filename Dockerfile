# syntax=docker/dockerfile:1

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package gantry \
 && install -D target/release/gantry /out/gantry \
 && install -d /out/data

# The C library, certificates and a user without rights: no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/gantry /usr/local/bin/gantry
COPY --from=build --chown=65532:65532 /out/data /var/lib/gantry
USER 65532:65532
WORKDIR /var/lib/gantry
ENV GANTRY_LISTEN=0.0.0.0:8080 \
    GANTRY_DATA_DIR=/var/lib/gantry
EXPOSE 8080
VOLUME ["/var/lib/gantry"]
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 CMD ["/usr/local/bin/gantry", "health"]
ENTRYPOINT ["/usr/local/bin/gantry"]
CMD ["serve"]
