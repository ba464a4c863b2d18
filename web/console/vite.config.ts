import react from '@vitejs/plugin-react';
import {defineConfig} from 'vite';

// Everything lies in one folder under hashed names, which the server embeds and lets browsers keep.
export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {assetsDir: '', assetsInlineLimit: 0, target: 'es2022', chunkSizeWarningLimit: 700},
  // `npm run dev` against a running server; its origin is the one that posthorn serves.
  server: {proxy: {'/v1': 'http://127.0.0.1:8080'}},
});
