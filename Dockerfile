# One file for the images scani/api, scani/worker, scani/data-provider, scani/migrate and scani/console:
#   docker build --target api --build-arg VERSION=1.2.3 --tag scani/api:1.2.3 .
# Where the network has a certificate authority of its own, add --secret id=ca,src=ca.crt.
# Nothing is compiled for a processor: stages that run commands run on the builder's own, for every --platform.
ARG NODE_IMAGE=node:24-bookworm-slim
ARG BUILD_IMAGE=${NODE_IMAGE}
ARG NGINX_IMAGE=nginxinc/nginx-unprivileged:1.28

FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS base
ENV NODE_EXTRA_CA_CERTS=/run/secrets/ca NODE_OPTIONS=--disable-warning=UNDICI-EHPA NX_DAEMON=false CI=true
WORKDIR /app

# Only what npm reads, so that an edit of the code installs nothing again.
FROM base AS manifests
RUN --mount=type=bind,target=/source \
    cd /source && cp --parents .npmrc package.json package-lock.json apps/*/package.json libs/*/package.json libs/*/*/package.json /app/

FROM base AS tools
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=ca npm ci --ignore-scripts --no-audit --no-fund

FROM tools AS server
COPY tsconfig.base.json tsconfig.json ./
COPY libs ./libs
COPY apps ./apps
RUN npx -- tsc -b
# What processes run: no sources, no types, no maps.
RUN mkdir /built && cp -r --parents apps/*/dist apps/*/package.json libs/*/dist libs/*/package.json libs/*/*/dist libs/*/*/package.json package.json /built/ \
    && find /built -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.tsbuildinfo' \) -delete
ARG VERSION=0.0.0
RUN cd /built && for app in api worker data-provider cli; do (cd apps/$app && npm pkg set version="$VERSION"); done

FROM tools AS pages
COPY nx.json tsconfig.base.json ./
COPY apps/console ./apps/console
RUN npx nx run console:build:production --skip-nx-cache
RUN find dist/apps/console/browser -type f -size +1k \( -name '*.js' -o -name '*.css' -o -name '*.html' -o -name '*.svg' -o -name '*.json' -o -name '*.webmanifest' \) -exec gzip -9 --keep {} +

FROM base AS libraries
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=ca npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
    && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.md' \) -delete \
    && rm -rf node_modules/.package-lock.json node_modules/.bin
# Large, and only who asks chains has use for it.
RUN mkdir /ethereum && mv node_modules/viem node_modules/ox node_modules/abitype /ethereum/

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY --from=libraries /app/node_modules ./node_modules
COPY --from=server /built/package.json ./
COPY --from=server /built/libs ./libs
USER 1001:1001
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE
LABEL org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION \
      org.opencontainers.image.source=$SOURCE \
      org.opencontainers.image.vendor=Scani \
      org.opencontainers.image.licenses=Apache-2.0

FROM runtime AS api
COPY --from=server /built/apps/api ./apps/api
LABEL org.opencontainers.image.title="Scani api"
EXPOSE 3001 9464
ENTRYPOINT ["node", "apps/api/dist/main.js"]

FROM runtime AS worker
COPY --from=server /built/apps/worker ./apps/worker
LABEL org.opencontainers.image.title="Scani worker"
EXPOSE 3002 9464
ENTRYPOINT ["node", "apps/worker/dist/main.js"]

FROM runtime AS data-provider
COPY --from=libraries /ethereum ./node_modules
COPY --from=server /built/apps/data-provider ./apps/data-provider
LABEL org.opencontainers.image.title="Scani data-provider"
EXPOSE 8082 9464
ENTRYPOINT ["node", "apps/data-provider/dist/main.js"]

FROM runtime AS migrate
COPY --from=server /built/apps/cli ./apps/cli
LABEL org.opencontainers.image.title="Scani command line"
ENTRYPOINT ["node", "apps/cli/dist/main.js"]
CMD ["migrate", "up"]

FROM ${NGINX_IMAGE} AS console
COPY apps/console/nginx /etc/nginx
COPY --from=pages /app/dist/apps/console/browser /app/console
USER 1001:1001
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE
LABEL org.opencontainers.image.title="Scani console" \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION \
      org.opencontainers.image.source=$SOURCE \
      org.opencontainers.image.vendor=Scani \
      org.opencontainers.image.licenses=Apache-2.0
EXPOSE 8080
STOPSIGNAL SIGQUIT
ENTRYPOINT ["nginx", "-g", "daemon off;"]
