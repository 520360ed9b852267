import {
  extendZodWithOpenApi,
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi'
import { z } from 'zod'
import { refusalView } from '../shared/core/view'
import { API } from './core/http'
import type { Route } from './core/route'

extendZodWithOpenApi(z)

/** OpenAPI 3.1 from the inputs and views the routes really use: there is no second description to fall behind. */
export function openApiOf(routes: readonly Route[], serverUrl: string): object {
  const registry = new OpenAPIRegistry()
  const bearer = registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  })
  // Only schemas made after the extension can be registered under a name: hence a copy.
  const refusal = registry.register('Refusal', refusalView.clone())
  for (const one of routes) registry.registerPath(pathOf(one, bearer.name, refusal))
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Mulin 睦邻',
      version: '1',
      description: 'Points are decimal strings of milli-points, instants are UTC, days are Asia/Shanghai.',
    },
    servers: [{ url: serverUrl }],
  })
}

function pathOf(one: Route, bearer: string, refusal: z.ZodType): RouteConfig {
  const names = [...one.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)
  const refused = {
    description: 'a refusal: one code and one Chinese sentence',
    content: { 'application/json': { schema: refusal } },
  }
  return {
    method: one.method.toLowerCase() as 'get',
    path: `${API}${one.path.replace(/:(\w+)/g, '{$1}')}`,
    summary: one.summary,
    tags: [(one.path.split('/')[1] ?? '').replace(/s$/, '')],
    operationId: `${one.method.toLowerCase()}${one.path.replace(/[/:-]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    ...(one.who === 'public' ? {} : { security: [{ [bearer]: [] }] }),
    description: Array.isArray(one.who)
      ? `For: ${one.who.join(', ')}`
      : `For: ${one.who === 'public' ? 'everybody' : 'everybody logged in'}`,
    request: {
      ...(names.length === 0 ? {} : { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }),
      ...(one.query === null ? {} : { query: one.query as z.ZodObject }),
      ...(one.input === null
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: one.input } } } }),
    },
    responses: {
      [one.status]:
        one.view === null
          ? { description: 'a file', content: { 'application/octet-stream': { schema: z.string() } } }
          : { description: 'the answer', content: { 'application/json': { schema: one.view } } },
      default: refused,
    },
  }
}
