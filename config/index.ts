import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { defineConfig, type UserConfigExport } from '@tarojs/cli'

const root = path.resolve(__dirname, '..')
const target = process.env.TARO_ENV ?? 'h5'
// Rules, words and contracts live outside the source root, so the compiler must be told to take them too.
const compile = { include: [path.join(root, 'shared')] }

// Icons and drawings become masks; only those that the sources name.
execFileSync(process.execPath, [path.join(root, 'tools/tokens.mjs')])

export default defineConfig<'webpack5'>(async () => {
  const config: UserConfigExport<'webpack5'> = {
    projectName: 'mulin',
    date: '2026-11-22',
    designWidth: 750,
    deviceRatio: { 750: 1 },
    sourceRoot: 'miniprogram/src',
    outputRoot: `dist/${target}`,
    framework: 'react',
    compiler: { type: 'webpack5', prebundle: { enable: false } },
    cache: { enable: false },
    logger: { quiet: true, stats: false },
    // Chinese as it is: escaped, every character would take six bytes of the package.
    terser: { enable: true, config: { ecma: 2018, output: { ascii_only: false } } },
    plugins: [
      path.join(__dirname, 'plugins/aria.ts'),
      '@tarojs/plugin-framework-react',
      `@tarojs/plugin-platform-${target}`,
    ],
    defineConstants: {
      // The browser is served by the server it calls; a mini-program must know a host.
      API_BASE: JSON.stringify(target === 'h5' ? '' : (process.env.API_BASE ?? 'http://127.0.0.1:3000')),
    },
    mini: {
      compile,
      // What only the pages of a sub-package use lies in it, not in the main package.
      optimizeMainPackage: { enable: true },
      // Text and touch heights are px: rpx would shrink 17 px to 14 on a small phone.
      postcss: { pxtransform: { enable: false }, cssModules: { enable: false } },
    },
    h5: {
      compile,
      useHtmlComponents: true,
      publicPath: '/',
      webpackChain(chain) {
        // What most pages share is loaded once, not once in each page's file.
        chain.optimization.splitChunks({
          cacheGroups: {
            taro: {
              test: /[\\/]node_modules[\\/](@tarojs|react|react-dom|scheduler)[\\/]/,
              name: 'taro',
              chunks: 'initial',
              priority: 20,
            },
            shell: {
              test: /[\\/](miniprogram[\\/]src[\\/](core|components)|shared)[\\/]/,
              name: 'shell',
              chunks: 'all',
              minChunks: 2,
              enforce: true,
            },
          },
        })
      },
      router: { mode: 'hash' },
      output: { filename: 'js/[name].[contenthash:8].js', chunkFilename: 'js/[name].[contenthash:8].js' },
      miniCssExtractPluginOption: {
        ignoreOrder: true,
        filename: 'css/[name].[contenthash:8].css',
        chunkFilename: 'css/[name].[contenthash:8].css',
      },
      postcss: { pxtransform: { enable: false }, autoprefixer: { enable: true }, cssModules: { enable: false } },
    },
  }
  return config
})
