-- A figure of the findings that is not known says why; earlier versions stored null.

UPDATE findings SET document = replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(replace(document,
  '"gainOverDefault":null', '"gainOverDefault":{"unknown":"not tried","why":"not recorded"}'),
  '"gainOverPrevious":null', '"gainOverPrevious":{"unknown":"not tried","why":"not recorded"}'),
  '"gainOverScalar":null', '"gainOverScalar":{"unknown":"not tried","why":"not recorded"}'),
  '"alone":null', '"alone":{"unknown":"not tried","why":"not recorded"}'),
  '"leftOut":null', '"leftOut":{"unknown":"not tried","why":"not recorded"}'),
  '"forced":null', '"forced":{"unknown":"not tried","why":"not recorded"}'),
  '"shapleyShare":null', '"shapleyShare":{"unknown":"not tried","why":"not recorded"}'),
  '"service":null', '"service":{"unknown":"not tried","why":"not recorded"}'),
  '"itself":null', '"itself":{"unknown":"not tried","why":"not recorded"}'),
  '"without":null', '"without":{"unknown":"not tried","why":"not recorded"}'),
  '"onTop":null', '"onTop":{"unknown":"not tried","why":"not recorded"}'),
  '"gain":null', '"gain":{"unknown":"not tried","why":"not recorded"}');
