export default defineAppConfig({
  pages: ['session/login'],
  window: {
    navigationStyle: 'custom',
    navigationBarTitleText: '睦邻',
    navigationBarTextStyle: '@navigationText',
    navigationBarBackgroundColor: '@page',
    backgroundColor: '@page',
    backgroundTextStyle: '@pull',
  },
  darkmode: true,
  themeLocation: 'theme.json',
  lazyCodeLoading: 'requiredComponents',
  requiredPrivateInfos: ['getLocation'],
  permission: { 'scope.userLocation': { desc: '只在开始和结束帮忙时记一次位置，不给也能用' } },
})
