-- What text search is made of: parsers, templates, dictionaries, configurations.
SELECT pg_catalog.format('%I.%I', n.nspname, p.prsname), 'text search parser', n.nspname::text, p.prsname::text, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE TEXT SEARCH PARSER %s%I (', n.prefix, p.prsname),
           pg_catalog.concat_ws(', ', 'START = ' || p.prsstart::text, 'GETTOKEN = ' || p.prstoken::text,
               'END = ' || p.prsend::text, 'HEADLINE = ' || nullif(p.prsheadline::text, '-'),
               'LEXTYPES = ' || p.prslextype::text), ')',
           pg_catalog.format(E';\nCOMMENT ON TEXT SEARCH PARSER %s%I IS ', n.prefix, p.prsname)
               || pg_catalog.quote_literal(pg_catalog.obj_description(p.oid, 'pg_ts_parser'))),
       pg_catalog.format('DROP TEXT SEARCH PARSER %s%I', n.prefix, p.prsname), NULL
FROM pg_catalog.pg_ts_parser AS p
JOIN space AS n ON n.oid = p.prsnamespace
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_ts_parser'::regclass AND m.objid = p.oid)
UNION ALL
SELECT pg_catalog.format('%I.%I', n.nspname, t.tmplname), 'text search template', n.nspname, t.tmplname, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE TEXT SEARCH TEMPLATE %s%I (', n.prefix, t.tmplname),
           pg_catalog.concat_ws(', ', 'INIT = ' || nullif(t.tmplinit::text, '-'), 'LEXIZE = ' || t.tmpllexize::text), ')',
           pg_catalog.format(E';\nCOMMENT ON TEXT SEARCH TEMPLATE %s%I IS ', n.prefix, t.tmplname)
               || pg_catalog.quote_literal(pg_catalog.obj_description(t.oid, 'pg_ts_template'))),
       pg_catalog.format('DROP TEXT SEARCH TEMPLATE %s%I', n.prefix, t.tmplname), NULL
FROM pg_catalog.pg_ts_template AS t
JOIN space AS n ON n.oid = t.tmplnamespace
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_ts_template'::regclass AND m.objid = t.oid)
UNION ALL
SELECT pg_catalog.format('%I.%I', n.nspname, d.dictname), 'text search dictionary', n.nspname, d.dictname, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE TEXT SEARCH DICTIONARY %s%I (TEMPLATE = ', n.prefix, d.dictname),
           CASE WHEN pg_catalog.pg_ts_template_is_visible(t.oid) THEN pg_catalog.quote_ident(t.tmplname)
                ELSE pg_catalog.format('%I.%I', s.nspname, t.tmplname) END,
           ', ' || d.dictinitoption, ')',
           pg_catalog.format(E';\nCOMMENT ON TEXT SEARCH DICTIONARY %s IS ', d.oid::regdictionary)
               || pg_catalog.quote_literal(pg_catalog.obj_description(d.oid, 'pg_ts_dict'))),
       'DROP TEXT SEARCH DICTIONARY ' || d.oid::regdictionary, NULL
FROM pg_catalog.pg_ts_dict AS d
JOIN space AS n ON n.oid = d.dictnamespace
JOIN pg_catalog.pg_ts_template AS t ON t.oid = d.dicttemplate
JOIN pg_catalog.pg_namespace AS s ON s.oid = t.tmplnamespace
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_ts_dict'::regclass AND m.objid = d.oid)
UNION ALL
SELECT pg_catalog.format('%I.%I', n.nspname, c.cfgname), 'text search configuration', n.nspname, c.cfgname, NULL,
       pg_catalog.concat(
           pg_catalog.format('CREATE TEXT SEARCH CONFIGURATION %s%I (PARSER = ', n.prefix, c.cfgname),
           CASE WHEN pg_catalog.pg_ts_parser_is_visible(p.oid) THEN pg_catalog.quote_ident(p.prsname)
                ELSE pg_catalog.format('%I.%I', s.nspname, p.prsname) END,
           ')',
           (SELECT pg_catalog.string_agg(pg_catalog.format(E';\nALTER TEXT SEARCH CONFIGURATION %s ADD MAPPING FOR %s WITH %s',
                       c.oid::regconfig, by_words.tokens, by_words.words), '' ORDER BY by_words.tokens COLLATE "C")
            FROM (
                SELECT words, pg_catalog.string_agg(pg_catalog.quote_ident(alias), ', ' ORDER BY alias COLLATE "C") AS tokens
                FROM (
                    SELECT token.alias,
                           pg_catalog.string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS words
                    FROM pg_catalog.pg_ts_config_map AS m
                    JOIN pg_catalog.ts_token_type(p.oid) AS token ON token.tokid = m.maptokentype
                    WHERE m.mapcfg = c.oid
                    GROUP BY token.alias) AS by_token
                GROUP BY words) AS by_words),
           pg_catalog.format(E';\nCOMMENT ON TEXT SEARCH CONFIGURATION %s IS ', c.oid::regconfig)
               || pg_catalog.quote_literal(pg_catalog.obj_description(c.oid, 'pg_ts_config'))),
       'DROP TEXT SEARCH CONFIGURATION ' || c.oid::regconfig, NULL
FROM pg_catalog.pg_ts_config AS c
JOIN space AS n ON n.oid = c.cfgnamespace
JOIN pg_catalog.pg_ts_parser AS p ON p.oid = c.cfgparser
JOIN pg_catalog.pg_namespace AS s ON s.oid = p.prsnamespace
WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.classid = 'pg_catalog.pg_ts_config'::regclass AND m.objid = c.oid)
