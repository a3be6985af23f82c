# Planwright for use with a PostgreSQL and a RabbitMQ of its own; see docker-compose.yml.
# The image has Node itself, so the packages that bring Node and PostgreSQL to other machines are left out.

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/.bin/node

FROM node:24-bookworm-slim AS application
WORKDIR /app
COPY package.json schema.graphql ./
COPY scripts/check-node.mjs scripts/migrate.ts scripts/token.ts scripts/audit-export.ts scripts/audit-verify.ts scripts/
COPY scripts/audit scripts/audit
COPY migrations migrations
COPY catalog catalog
COPY docs/messages docs/messages
COPY src src
# Another user runs it than whoever checked it out, perhaps with a strict umask.
RUN chmod -R a+rX,go-w .

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=application /app ./
RUN install -d -o node -g node /data
USER node
VOLUME /data
EXPOSE 4000 9464
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "./scripts/check-node.mjs", "src/main.ts"]
