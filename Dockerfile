# The program as one file, and the libraries that it loads.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY scripts ./scripts
COPY src ./src
RUN ["node", "scripts/build.ts"]
RUN npm prune --omit=dev --no-audit --no-fund

# The daemon, with what it needs to run and nothing to build with.
FROM node:24-slim

ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app ./
# Served at /status/docs/.
COPY docs ./docs

# The one folder that is written to: everything else may be mounted read-only.
RUN mkdir /data && chown 10001:10001 /data
VOLUME /data

USER 10001:10001
ENV MALLOC_ARENA_MAX=1

# Reachable from outside the container, so a token is demanded: mount a file of at least 16 characters.
ENV HOLDFAST_DATABASE=/data/holdfast.db \
    HOLDFAST_LISTEN=0.0.0.0:8080 \
    HOLDFAST_TOKEN_FILE=/run/secrets/holdfast-token
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/livez').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=50", "build/holdfast.js"]
