# The same scripts as everywhere: npm ci, tools/prepare.mjs, tools/start.mjs.
FROM node:24-bookworm-slim
WORKDIR /app
RUN chown node:node /app
USER node
COPY --chown=node:node package.json package-lock.json .npmrc ./
RUN npm ci
COPY --chown=node:node . .
RUN node tools/prepare.mjs && mkdir -p data
ENV NODE_ENV=production
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:3000/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Requests come in crowds: what they leave behind is swept up less often where there is room for it (docs/SPEED.md).
CMD ["node", "--max-semi-space-size=64", "tools/start.mjs"]
