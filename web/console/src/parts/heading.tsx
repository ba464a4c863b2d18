import {Group, Stack, Text, Title} from '@mantine/core';
import {ChevronLeft} from 'lucide-react';
import {Fragment, useEffect, type ReactNode} from 'react';
import {Link} from 'react-router-dom';

import styles from './heading.module.css';

interface HeadingProps {
  title: string;
  shown?: ReactNode; // in place of the title
  says?: ReactNode;
  back?: [to: string, name: string];
  children?: ReactNode; // buttons
}

/** A name such as psychometric_score.complete, which a narrow screen breaks behind its points. */
function Breakable({name}: {name: string}) {
  return name.split(/(?<=[._/-])/).map((part, at) => <Fragment key={at}>{at > 0 && <wbr />}{part}</Fragment>);
}

export function Heading({title, shown, says, back, children}: HeadingProps) {
  useEffect(() => { document.title = `${title} · Posthorn`; }, [title]);
  return (
    <Group justify="space-between" align="flex-end" gap="sm" className={styles.heading}>
      <Stack gap={3} style={{minWidth: 0, flex: '1 1 260px'}}>
        {back && <Link to={back[0]} className={styles.back}><ChevronLeft size={14} aria-hidden />{back[1]}</Link>}
        <Title order={1} style={{overflowWrap: 'anywhere'}}>{shown ?? <Breakable name={title} />}</Title>
        {says && <Text c="dimmed" size="sm" component="div">{says}</Text>}
      </Stack>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
