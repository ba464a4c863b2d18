import {Notification, Portal, Stack} from '@mantine/core';
import {Check, X} from 'lucide-react';
import {useEffect, useState} from 'react';

import {listen, type News} from '../parts/tell';

const shown_ms = 6000;

export function NewsCorner() {
  const [news, set_news] = useState<News[]>([]);
  useEffect(() => listen((one) => {
    set_news((before) => [...before.slice(-3), one]);
    window.setTimeout(() => set_news((before) => before.filter(({id}) => id !== one.id)), shown_ms);
  }), []);
  return (
    <Portal>
      <Stack gap="xs" role="status" aria-live="polite" style={{position: 'fixed', right: 16, bottom: 16, zIndex: 400, width: 'min(380px, calc(100vw - 32px))'}}>
        {news.map(({id, text, colour}) => (
          <Notification key={id} withBorder color={colour} icon={colour === 'teal' ? <Check size={16} /> : <X size={16} />} closeButtonProps={{'aria-label': 'Close'}} onClose={() => set_news((before) => before.filter((each) => each.id !== id))}>{text}</Notification>
        ))}
      </Stack>
    </Portal>
  );
}
