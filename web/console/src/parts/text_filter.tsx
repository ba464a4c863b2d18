import {CloseButton, TextInput} from '@mantine/core';
import {useDebouncedCallback} from '@mantine/hooks';
import {Search} from 'lucide-react';
import {useEffect, useState} from 'react';

const pause_ms = 350;

/** Text that filters once its writer pauses. */
export function TextFilter({label, value, change, placeholder}: {label: string; value: string; change: (value: string) => void; placeholder: string}) {
  const [text, set_text] = useState(value);
  const later = useDebouncedCallback(change, pause_ms);
  useEffect(() => set_text(value), [value]);
  return (
    <TextInput
      label={label} placeholder={placeholder} value={text} leftSection={<Search size={14} />}
      rightSection={text && <CloseButton size="sm" aria-label={`Clear ${label}`} onClick={() => { set_text(''); change(''); }} />}
      onChange={(event) => { set_text(event.currentTarget.value); later(event.currentTarget.value.trim()); }}
    />
  );
}
