-- The careful way to read a cell (typed.py has the quick one). Text in, value or NULL out.

-- Something in the text wants cleaning. Asked for first: translate builds its map for every row, trim of a list is ten times the plain one.
CREATE OR REPLACE TEMP MACRO is_messy(c) AS regexp_matches(c, '^[ ''"=]| $|[\x00-\x1f\x{a0}\x{200b}\x{feff}\x{3000}！-～]');
CREATE OR REPLACE TEMP MACRO trimmed(c) AS
    trim(c, chr(32) || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279) || chr(8203) || '　');

-- full-width letters, digits and signs in half width, blanks of every kind around it gone
CREATE OR REPLACE TEMP MACRO folded(c) AS trimmed(translate(c,
    '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～　',
    '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~ '));

-- NULL for what databases and people write for nothing
CREATE OR REPLACE TEMP MACRO filled(z) AS nullif(nullif(nullif(nullif(z, ''), 'NULL'), 'null'), '\N');

-- the guard of our own exports taken off: the pattern is that of yibao.store.neutral
CREATE OR REPLACE TEMP MACRO unguarded(c) AS {restored};

-- ="001" and '001 are what people write so that a spreadsheet leaves a code alone
CREATE OR REPLACE TEMP MACRO unwrapped(z) AS
    regexp_replace(regexp_replace(z, '^="(.*)"$', '\1'), '^''([0-9A-Za-z])', '\1');

CREATE OR REPLACE TEMP MACRO is_scientific(c) AS regexp_full_match(c, '[-+]?[0-9](\.[0-9]+)?[eE]\+[0-9]+');

CREATE OR REPLACE TEMP MACRO coded(z) AS
    CASE WHEN NOT regexp_matches(z, '[=''+�]') THEN z
    WHEN is_scientific(z) OR contains(z, '�') THEN NULL ELSE nullif(unwrapped(z), '') END;

-- zeros that a spreadsheet took off the front of a number, where the pattern says how many they were; a number of 15 digits or more has lost none
CREATE OR REPLACE TEMP MACRO zeros_back(c, pattern) AS
    CASE WHEN NOT regexp_full_match(c, '[0-9]+') OR regexp_full_match(c, pattern) THEN c
    WHEN regexp_full_match('0' || c, pattern) THEN '0' || c
    WHEN regexp_full_match('00' || c, pattern) THEN '00' || c
    WHEN regexp_full_match('000' || c, pattern) THEN '000' || c
    WHEN length(c) >= 15 THEN c END;

-- the figures of a number: no currency, no thousands separators, brackets as a minus; NULL if that leaves no number
CREATE OR REPLACE TEMP MACRO unpriced(z) AS
    regexp_replace(regexp_replace(replace(z, ' ', ''), '^([-+(]?)(¥|￥|RMB|CNY)', '\1'), '元(\)?)$', '\1');
CREATE OR REPLACE TEMP MACRO unbracketed(z) AS regexp_replace(z, '^\((.+)\)$', '-\1');
CREATE OR REPLACE TEMP MACRO number_in(z) AS
    nullif(regexp_extract(z, '^[-+]?([0-9]+(,[0-9]{3})*(\.[0-9]*)?|\.[0-9]+)%?$'), '');
CREATE OR REPLACE TEMP MACRO figures(z) AS replace(number_in(unbracketed(unpriced(z))), ',', '');

-- dates in all usual shapes; a spreadsheet's serial number counts days from 1899-12-30
CREATE OR REPLACE TEMP MACRO spelled(y, m, d, h, i, s) AS
    TRY_CAST(y || '-' || lpad(m, 2, '0') || '-' || lpad(d, 2, '0') || ' ' || CASE WHEN h = '' THEN '00:00:00'
        ELSE lpad(h, 2, '0') || ':' || lpad(i, 2, '0') || ':' || CASE WHEN s = '' THEN '00' ELSE lpad(s, 2, '0') END END AS TIMESTAMP);
CREATE OR REPLACE TEMP MACRO moment_in(g) AS spelled(g[1], g[2], g[3], g[4], g[5], g[6]);
CREATE OR REPLACE TEMP MACRO serial(n) AS
    TIMESTAMP '1899-12-30 00:00:00' + to_seconds(CAST(round(n * 86400, 0) AS BIGINT));
CREATE OR REPLACE TEMP MACRO moment_of(z) AS
    CASE
    WHEN regexp_full_match(z, '[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{1,6}') THEN TRY_CAST(z AS TIMESTAMP)
    WHEN regexp_full_match(z, '[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?([ T]*[0-9]{1,2}[:时][0-9]{1,2}[:分]?([0-9]{1,2}(\.[0-9]*)?秒?)?)?')
        THEN moment_in(regexp_extract_all(regexp_replace(z, '([:分][0-9]{1,2})\.[0-9]*秒?$', '\1'), '[0-9]+') || ['', '', ''])
    WHEN regexp_full_match(z, '[0-9]{8}( ?[0-9]{2}:?[0-9]{2}:?[0-9]{2})?')
        THEN moment_in([substr(z, 1, 4), substr(z, 5, 2), substr(z, 7, 2)]
            || CASE WHEN length(z) = 8 THEN ['', '', ''] ELSE regexp_extract_all(substr(z, 9), '[0-9]{2}') END)
    WHEN regexp_full_match(z, '[2-7][0-9]{4}(\.[0-9]+)?') THEN serial(TRY_CAST(z AS DECIMAL(38, 16)))
    END;
CREATE OR REPLACE TEMP MACRO believable(t) AS CASE WHEN t BETWEEN TIMESTAMP '1850-01-01' AND TIMESTAMP '9999-12-31 23:59:59' THEN t END;
CREATE OR REPLACE TEMP MACRO slashed(c) AS
    believable(try_strptime(c, ['%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M', '%Y/%m/%d']));
CREATE OR REPLACE TEMP MACRO moment(z) AS believable(moment_of(z));

CREATE OR REPLACE TEMP MACRO month_in(n) AS
    CASE WHEN n // 100 BETWEEN 1850 AND 2200 AND n % 100 BETWEEN 1 AND 12 THEN n END;
CREATE OR REPLACE TEMP MACRO month_of(z) AS
    CASE
    WHEN regexp_full_match(z, '[0-9]{6}(\.0)?') THEN month_in(TRY_CAST(z[1:6] AS BIGINT))
    WHEN regexp_full_match(z, '[0-9]{4}[-/.年][0-9]{1,2}月?')
        THEN month_in(TRY_CAST(z[1:4] || lpad(regexp_extract(z[6:], '[0-9]+'), 2, '0') AS BIGINT))
    ELSE year(moment(z)) * 100 + month(moment(z))
    END;
CREATE OR REPLACE TEMP MACRO year_of(z) AS
    CASE WHEN regexp_full_match(z, '(18[5-9]|19[0-9]|20[0-9]|21[0-9])[0-9](年|年度|\.0)?') THEN TRY_CAST(z[1:4] AS BIGINT) END;
