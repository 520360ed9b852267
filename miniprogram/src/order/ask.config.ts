export default definePageConfig({ navigationBarTitleText: '我要人帮忙' })
