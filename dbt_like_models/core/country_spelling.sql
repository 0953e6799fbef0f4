/* ---
description: >-
  Names of countries: what registries write, in any case, and the one name that counts by country use. Names that are not
  here stand for themselves. The record's own words stay in core.location and core.country.
grain: one row per name of a country
owner: team:warehouse
tags: [core]
materialised: table
columns:
  spelling: {type: VARCHAR, description: "The name as a registry writes it.", tests: [not_null, unique]}
  spelling_key: {type: VARCHAR, description: "The name in small letters without accents, to join by.", tests: [not_null, unique]}
  country: {type: VARCHAR, description: "The country it means.", tests: [not_null]}
--- */
WITH listed AS (
    SELECT spelling, country
    FROM (
        VALUES
        ('Antigua & Barbuda', 'Antigua and Barbuda'),
        ('The Bahamas', 'Bahamas'),
        ('Bolivia, Plurinational State of', 'Bolivia'),
        ('Bolivia (Plurinational State of)', 'Bolivia'),
        ('Bosnia & Herzegovina', 'Bosnia and Herzegovina'),
        ('Virgin Islands, British', 'British Virgin Islands'),
        ('Virgin Islands (British)', 'British Virgin Islands'),
        ('Brunei Darussalam', 'Brunei'),
        ('Brunei Darussalam (Negara)', 'Brunei'),
        ('Cape Verde', 'Cabo Verde'),
        ('People''s Republic of China', 'China'),
        ('Czech Republic', 'Czechia'),
        ('Ivory Coast', 'Côte d''Ivoire'),
        ('Cote D''Ivoire', 'Côte d''Ivoire'),
        ('Congo, The Democratic Republic of the', 'Democratic Republic of the Congo'),
        ('Congo, Democratic Republic of the', 'Democratic Republic of the Congo'),
        ('Congo (Democratic Republic of the)', 'Democratic Republic of the Congo'),
        ('Swaziland', 'Eswatini'),
        ('Falkland Islands (Malvinas)', 'Falkland Islands'),
        ('The Gambia', 'Gambia'),
        ('Georgia (Country)', 'Georgia'),
        ('Holy See (Vatican City State)', 'Holy See'),
        ('Vatican City', 'Holy See'),
        ('Hong Kong SAR China', 'Hong Kong'),
        ('Hong Kong (China)', 'Hong Kong'),
        ('Hong Kong, China', 'Hong Kong'),
        ('Iran (Islamic Republic of)', 'Iran'),
        ('Iran, Islamic Republic of', 'Iran'),
        ('Lao People''s Democratic Republic', 'Laos'),
        ('Libyan Arab Jamahiriya', 'Libya'),
        ('Macau', 'Macao'),
        ('Macao SAR China', 'Macao'),
        ('Macau, China', 'Macao'),
        ('Federated States of Micronesia', 'Micronesia'),
        ('Micronesia, Federated States of', 'Micronesia'),
        ('Micronesia (Federated States of)', 'Micronesia'),
        ('Moldova, Republic of', 'Moldova'),
        ('Republic of Moldova', 'Moldova'),
        ('Moldova (Republic of)', 'Moldova'),
        ('Myanmar (Burma)', 'Myanmar'),
        ('Burma', 'Myanmar'),
        ('Republic of the Union of Myanmar', 'Myanmar'),
        ('The Netherlands', 'Netherlands'),
        ('Korea, Democratic People''s Republic of', 'North Korea'),
        ('Democratic People''s Republic of Korea', 'North Korea'),
        ('Korea, North', 'North Korea'),
        ('Macedonia', 'North Macedonia'),
        ('Macedonia, The Former Yugoslav Republic of', 'North Macedonia'),
        ('The former Yugoslav Republic of Macedonia', 'North Macedonia'),
        ('Palestine, State of', 'Palestine'),
        ('State of Palestine', 'Palestine'),
        ('Palestinian Territory', 'Palestine'),
        ('Palestinian Territory, occupied', 'Palestine'),
        ('Palestinian Territories', 'Palestine'),
        ('occupied Palestinian territory, including east Jerusalem', 'Palestine'),
        ('Congo, Republic of the', 'Republic of the Congo'),
        ('Russian Federation', 'Russia'),
        ('Slovak Republic', 'Slovakia'),
        ('Korea, Republic of', 'South Korea'),
        ('Republic of Korea', 'South Korea'),
        ('Korea (Republic of)', 'South Korea'),
        ('Korea, South', 'South Korea'),
        ('St. Kitts & Nevis', 'Saint Kitts and Nevis'),
        ('St. Lucia', 'Saint Lucia'),
        ('Saint Martin (French part)', 'Saint Martin'),
        ('St. Vincent & Grenadines', 'Saint Vincent and the Grenadines'),
        ('Sint Maarten (Dutch part)', 'Sint Maarten'),
        ('Syrian Arab Republic', 'Syria'),
        ('Taiwan, Province of China', 'Taiwan'),
        ('Taiwan, China', 'Taiwan'),
        ('Taiwan (China)', 'Taiwan'),
        ('Chinese Taipei', 'Taiwan'),
        ('Tanzania, United Republic of', 'Tanzania'),
        ('United Republic of Tanzania', 'Tanzania'),
        ('Tanzania (United Republic of)', 'Tanzania'),
        ('East Timor', 'Timor-Leste'),
        ('Trinidad & Tobago', 'Trinidad and Tobago'),
        ('Türkiye', 'Turkey'),
        ('Turkey (Türkiye)', 'Turkey'),
        ('Virgin Islands (U.S.)', 'U.S. Virgin Islands'),
        ('Virgin Islands, U.S.', 'U.S. Virgin Islands'),
        ('UAE', 'United Arab Emirates'),
        ('UK', 'United Kingdom'),
        ('Great Britain', 'United Kingdom'),
        ('England', 'United Kingdom'),
        ('Scotland', 'United Kingdom'),
        ('Wales', 'United Kingdom'),
        ('Northern Ireland', 'United Kingdom'),
        ('United States of America', 'United States'),
        ('USA', 'United States'),
        ('Venezuela, Bolivarian Republic of', 'Venezuela'),
        ('Venezuela (Bolivarian Republic of)', 'Venezuela'),
        ('Viet Nam', 'Vietnam')
    ) AS other (spelling, country)
),

-- A country stands for itself, so that it is the same in capitals, small letters and without its accents.
itself AS (
    SELECT unnest([
        'Afghanistan', 'Albania', 'Algeria', 'American Samoa', 'Andorra', 'Angola', 'Anguilla', 'Antarctica',
        'Antigua and Barbuda', 'Argentina', 'Armenia', 'Aruba', 'Australia', 'Austria', 'Azerbaijan', 'Bahamas',
        'Bahrain', 'Bangladesh', 'Barbados', 'Belarus', 'Belgium', 'Belize', 'Benin', 'Bermuda', 'Bhutan', 'Bolivia',
        'Bonaire, Sint Eustatius and Saba', 'Bosnia and Herzegovina', 'Botswana', 'Bouvet Island', 'Brazil',
        'British Indian Ocean Territory', 'British Virgin Islands', 'Brunei', 'Bulgaria', 'Burkina Faso', 'Burundi',
        'Cabo Verde', 'Cambodia', 'Cameroon', 'Canada', 'Cayman Islands', 'Central African Republic', 'Chad', 'Chile',
        'China', 'Christmas Island', 'Cocos (Keeling) Islands', 'Colombia', 'Comoros', 'Congo', 'Cook Islands',
        'Costa Rica', 'Croatia', 'Cuba', 'Curaçao', 'Cyprus', 'Czechia', 'Democratic Republic of the Congo', 'Denmark',
        'Djibouti', 'Dominica', 'Dominican Republic', 'Ecuador', 'Egypt', 'El Salvador', 'Equatorial Guinea', 'Eritrea',
        'Estonia', 'Eswatini', 'Ethiopia', 'Falkland Islands', 'Faroe Islands', 'Fiji', 'Finland',
        'Former Serbia and Montenegro', 'Former Yugoslavia', 'France', 'French Guiana', 'French Polynesia',
        'French Southern Territories', 'Gabon', 'Gambia', 'Gaza', 'Georgia', 'Germany', 'Ghana', 'Gibraltar', 'Greece',
        'Greenland', 'Grenada', 'Guadeloupe', 'Guam', 'Guatemala', 'Guernsey', 'Guinea', 'Guinea-Bissau', 'Guyana',
        'Haiti', 'Heard Island and McDonald Islands', 'Holy See', 'Honduras', 'Hong Kong', 'Hungary', 'Iceland',
        'India', 'Indonesia', 'Iran', 'Iraq', 'Ireland', 'Isle of Man', 'Israel', 'Italy', 'Jamaica', 'Japan', 'Jersey',
        'Jordan', 'Kazakhstan', 'Kenya', 'Kiribati', 'Kosovo', 'Kuwait', 'Kyrgyzstan', 'Laos', 'Latvia', 'Lebanon',
        'Lesotho', 'Liberia', 'Libya', 'Liechtenstein', 'Lithuania', 'Luxembourg', 'Macao', 'Madagascar', 'Malawi',
        'Malaysia', 'Maldives', 'Mali', 'Malta', 'Marshall Islands', 'Martinique', 'Mauritania', 'Mauritius', 'Mayotte',
        'Mexico', 'Micronesia', 'Moldova', 'Monaco', 'Mongolia', 'Montenegro', 'Montserrat', 'Morocco', 'Mozambique',
        'Myanmar', 'Namibia', 'Nauru', 'Nepal', 'Netherlands', 'Netherlands Antilles', 'New Caledonia', 'New Zealand',
        'Nicaragua', 'Niger', 'Nigeria', 'Niue', 'Norfolk Island', 'North Korea', 'North Macedonia',
        'Northern Mariana Islands', 'Norway', 'Oman', 'Pakistan', 'Palau', 'Palestine', 'Panama', 'Papua New Guinea',
        'Paraguay', 'Peru', 'Philippines', 'Pitcairn', 'Poland', 'Portugal', 'Puerto Rico', 'Qatar',
        'Republic of the Congo', 'Romania', 'Russia', 'Rwanda', 'Réunion', 'Saint Barthélemy', 'Saint Helena',
        'Saint Kitts and Nevis', 'Saint Lucia', 'Saint Martin', 'Saint Pierre and Miquelon',
        'Saint Vincent and the Grenadines', 'Samoa', 'San Marino', 'Saudi Arabia', 'Senegal', 'Serbia',
        'Serbia and Montenegro', 'Seychelles', 'Sierra Leone', 'Singapore', 'Sint Maarten', 'Slovakia', 'Slovenia',
        'Solomon Islands', 'Somalia', 'South Africa', 'South Georgia and the South Sandwich Islands', 'South Korea',
        'South Sudan', 'Spain', 'Sri Lanka', 'Sudan', 'Suriname', 'Svalbard and Jan Mayen', 'Sweden', 'Switzerland',
        'Syria', 'São Tomé and Príncipe', 'Taiwan', 'Tajikistan', 'Tanzania', 'Thailand', 'Timor-Leste', 'Togo',
        'Tokelau', 'Tonga', 'Trinidad and Tobago', 'Tunisia', 'Turkey', 'Turkmenistan', 'Turks and Caicos Islands',
        'Tuvalu', 'U.S. Virgin Islands', 'Uganda', 'Ukraine', 'United Arab Emirates', 'United Kingdom', 'United States',
        'United States Minor Outlying Islands', 'Uruguay', 'Uzbekistan', 'Vanuatu', 'Venezuela', 'Vietnam',
        'Wallis and Futuna', 'West Bank', 'Western Sahara', 'Yemen', 'Yugoslavia', 'Zambia', 'Zimbabwe',
        'Åland Islands'
    ]) AS country
)

SELECT spelling, lower(strip_accents(spelling)) AS spelling_key, country
FROM (
    SELECT spelling, country FROM listed
    UNION ALL
    SELECT country AS spelling, country FROM itself
)
ORDER BY spelling
