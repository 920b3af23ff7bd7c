import { createApp } from 'vue'
import App from './App.vue'
import { chooseLanguage, firstLanguage } from './i18n'
import { router } from './router'
import './styles/fonts.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'

await chooseLanguage(firstLanguage())
createApp(App).use(router).mount('#app')
