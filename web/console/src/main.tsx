import '@mantine/core/styles.css';
import '@mantine/charts/styles.css';
import './page.css';

import {MantineProvider} from '@mantine/core';
import {QueryCache, QueryClient, QueryClientProvider} from '@tanstack/react-query';
import {StrictMode} from 'react';
import {createRoot} from 'react-dom/client';
import {RouterProvider} from 'react-router-dom';

import {as_problem} from './api/client';
import {router} from './router';
import {readable, theme} from './theme';

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The session has ended meanwhile: who is logged in is asked again, and the answer leads to the door.
    onError: (error, {queryKey}) => {
      if (as_problem(error).status === 401 && queryKey[0] !== 'me') void queries.invalidateQueries({queryKey: ['me']});
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // What the server has refused stays refused; a server that does not answer may come back.
      retry: (count, error) => count < 3 && [0, 502, 503, 504].includes(as_problem(error).status),
    },
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={readable} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} future={{v7_startTransition: true}} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
